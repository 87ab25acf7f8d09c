import { describe, expect, it } from 'vitest';
import { AmbientAccess, withAmbientForbidden } from '../support/with-ambient-forbidden.ts';

const ambient: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(1))],
  ['process.hrtime', () => process.hrtime()],
  ['process.env', () => process.env['HOME']],
  ['setTimeout', () => setTimeout(() => undefined, 0)],
  ['setInterval', () => setInterval(() => undefined, 0)],
  ['setImmediate', () => setImmediate(() => undefined)],
  ['queueMicrotask', () => queueMicrotask(() => undefined)],
  ['fetch', () => fetch('data:,')],
];

describe('withAmbientForbidden', () => {
  it.each(ambient)('%s throws inside and names itself', (what, reach) => {
    expect(() => withAmbientForbidden(reach)).toThrow(new AmbientAccess(what));
  });

  it('gives back what the body gives, and lets dates be computed from numbers', () => {
    expect(withAmbientForbidden(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
    expect(withAmbientForbidden(() => new Date(0) instanceof Date)).toBe(true);
  });

  it('puts everything back, also after the body threw', () => {
    const look = (): readonly unknown[] => [
      ...[Date, Date.now, Math.random, performance.now, crypto.randomUUID, crypto.getRandomValues],
      ...[process.hrtime, process.env, setTimeout, setInterval, setImmediate, queueMicrotask, fetch],
      ...[Object.hasOwn(performance, 'now'), Object.hasOwn(crypto, 'randomUUID')],
    ];
    const before = look();
    withAmbientForbidden(() => 1);
    expect(() =>
      withAmbientForbidden(() => {
        throw new RangeError('the body');
      }),
    ).toThrow(new RangeError('the body'));
    look().forEach((value, index) => {
      expect(Object.is(value, before[index])).toBe(true);
    });
    expect(Date.now()).toBeGreaterThan(0);
  });

  it('refuses a promise, whose rest would run outside the fence', () => {
    expect(() => withAmbientForbidden(async () => 1)).toThrow(new AmbientAccess('a promise'));
  });

  it('can be nested', () => {
    expect(() => withAmbientForbidden(() => withAmbientForbidden(() => Math.random()))).toThrow(
      AmbientAccess,
    );
    expect(Math.random()).toBeLessThan(1);
  });
});
