import { spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { lookup } from 'node:dns';
import fs, { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { setTimeout as setTimer } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { AmbientAccess } from '../support/ambient-access.ts';
import { withAmbientForbidden, withAmbientForbiddenAsync } from '../support/with-ambient-forbidden.ts';

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
  ['new Date(year, month, …)', () => new Date(2026, 0, 1)],
  ['Date.getHours', () => new Date(0).getHours()],
  ['Date.setHours', () => new Date(0).setHours(1)],
  ['Date.getTimezoneOffset', () => new Date(0).getTimezoneOffset()],
  ['Date.toString', () => `${new Date(0)}`],
  ['Date.toLocaleDateString', () => new Date(0).toLocaleDateString()],
  ['Number.toLocaleString', () => (1000).toLocaleString()],
  ['Array.toLocaleString', () => [1000].toLocaleString()],
  ['String.localeCompare', () => 'a'.localeCompare('b')],
  ['Intl', () => new Intl.NumberFormat()],
  ['performance.mark', () => performance.mark('here')],
  ['process.hrtime', () => process.hrtime.bigint()],
  ['process.argv', () => process.argv[0]],
  ['process.pid', () => Number(process.pid)],
  ['process.cwd', () => process.cwd()],
  ['process.uptime', () => process.uptime()],
  ['process.memoryUsage', () => process.memoryUsage()],
  ['process.nextTick', () => process.nextTick(() => undefined)],
  ['process.stdout', () => process.stdout.write('')],
  ['process.getBuiltinModule', () => process.getBuiltinModule('node:fs')],
  ['console.log', () => console.log('')],
  ['WeakRef', () => new WeakRef({})],
  ['FinalizationRegistry', () => new FinalizationRegistry(() => undefined)],
  ['WebSocket', () => new WebSocket('ws://localhost')],
  ['fs.readFileSync', () => readFileSync('package.json')],
  ['fs.readFileSync', () => fs.readFileSync('package.json')],
  ['fs.existsSync', () => existsSync('package.json')],
  ['fs/promises.readFile', () => readFile('package.json')],
  ['child_process.spawnSync', () => spawnSync('true')],
  ['net.connect', () => connect(1)],
  ['http.request', () => request('http://localhost')],
  ['dns.lookup', () => lookup('localhost', () => undefined)],
  ['os.cpus', () => cpus()],
  ['timers.setTimeout', () => setTimer(() => undefined, 0)],
  ['timers/promises.setTimeout', () => sleep(0)],
  ['worker_threads.Worker', () => new Worker('none')],
  ['crypto.randomBytes', () => randomBytes(1)],
  ['crypto.randomInt', () => randomInt(2)],
];

describe('withAmbientForbidden', () => {
  it.each(ambient)('%s throws inside and names itself', (what, reach) => {
    expect(() => withAmbientForbidden(reach)).toThrow(new AmbientAccess(what));
  });

  it('gives back what the body gives, and lets dates be computed from numbers', () => {
    expect(withAmbientForbidden(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
    expect(withAmbientForbidden(() => new Date(0) instanceof Date)).toBe(true);
  });

  it('leaves what is arithmetic: digests, canonical texts, copies', () => {
    const digest = withAmbientForbidden(() => createHash('sha256').update('').digest('hex'));
    expect(digest.slice(0, 8)).toBe('e3b0c442');
    expect(withAmbientForbidden(() => structuredClone({ list: [1] }))).toEqual({ list: [1] });
  });

  it('opens every door again, also after the body threw', () => {
    expect(() => withAmbientForbidden(() => readFileSync('package.json'))).toThrow(AmbientAccess);
    expect(readFileSync('package.json', 'utf8')).toContain('"name": "pawl"');
    expect(existsSync('package.json')).toBe(true);
    expect(randomInt(1)).toBe(0);
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

describe('withAmbientForbiddenAsync', () => {
  const soon = async <Value>(value: Value): Promise<Value> => value;

  it('stays up while the body awaits what is there already, and gives what it gives', async () => {
    const seen = await withAmbientForbiddenAsync(async () => {
      const one = await soon(1);
      const caught = await soon(null).then(() => {
        try {
          return Date.now();
        } catch (error) {
          return error;
        }
      });
      return [one, caught];
    });
    expect(seen).toEqual([1, new AmbientAccess('Date.now')]);
    expect(Date.now()).toBeGreaterThan(0);
  });

  it.each([
    ['fs/promises.readFile', () => readFile('package.json')],
    ['timers/promises.setTimeout', () => sleep(1)],
    ['Math.random', async () => Math.random()],
  ])('refuses %s after an await as well, and comes down', async (what, reach) => {
    const body = async (): Promise<unknown> => {
      await soon(0);
      return reach();
    };
    await expect(withAmbientForbiddenAsync(body)).rejects.toThrow(new AmbientAccess(what));
    expect(Math.random()).toBeLessThan(1);
    expect((await readFile('package.json')).length).toBeGreaterThan(0);
  });
});
