import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guestParts, lineParts } from '../../../sandbox/wasm/javascript/guest-source.ts';

interface Link {
  request(kind: string, values: readonly unknown[]): unknown;
}
interface Peer {
  readonly link: Link;
  open(text: string): { readonly kind: string; readonly values: readonly unknown[] };
  serve(message: unknown): string;
}
interface Side {
  readonly exchange: (text: string) => string;
  readonly perform: (kind: string, values: readonly unknown[]) => unknown;
  readonly firstId: number;
  readonly keepsFunctionsHome: boolean;
  readonly isGuarded?: boolean;
}
type NewPeer = (side: Side) => Peer;

const files = { primordials: 'primordials.js', kindOf: 'kind-of.js', ...lineParts };
const source = `const parts = ${guestParts(files)};
  return (side) => {
    const p = parts.primordials();
    p.resolved = Promise.resolve();
    return parts.peer(p, parts, { kindOf: parts.kindOf(p), writeShared: () => '[]', readShared() {}, caught: (e) => e, ...side });
  };`;
const newPeer = new Function(source)() as NewPeer;

/** Both ends in one realm, so that what arrives can be compared with what was sent. */
function connected(
  serve: (value: unknown) => unknown,
  isGuarded = false,
): {
  send(value: unknown): unknown;
  readonly texts: string[];
} {
  const texts: string[] = [];
  const there = newPeer({
    exchange: (text) => here.serve(here.open(text)),
    perform: (_kind, [value]) => serve(value),
    firstId: 2,
    keepsFunctionsHome: true,
  });
  const here: Peer = newPeer({
    exchange: (text) => {
      texts.push(text);
      const answer = there.serve(there.open(text));
      texts.push(answer);
      return answer;
    },
    perform: () => undefined,
    firstId: 1,
    keepsFunctionsHome: false,
    isGuarded,
  });
  return { send: (value) => here.link.request('show', [value]), texts };
}

const anything = fc.anything({
  maxDepth: 4,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

describe('values on the line between tests and a candidate', () => {
  it('arrive as they were sent, whatever they are', () => {
    fc.assert(
      fc.property(anything, (value) => {
        let arrived: unknown;
        connected((given) => {
          arrived = given;
          return undefined;
        }).send(value);
        expect(isDeepStrictEqual(arrived, value)).toBe(true);
      }),
      { numRuns: process.env['PAWL_LONG'] === '1' ? 20_000 : 1_000 },
    );
  });

  it('come back identical when they are returned, and are not sent a second time', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { send, texts } = connected((given) => given);
        expect(Object.is(send(value), value)).toBe(true);
        expect(Object.is(send(value), value)).toBe(true);
        if (typeof value === 'object' && value !== null)
          expect(texts[2]?.startsWith('["show",[],[],[],["r",')).toBe(true);
      }),
    );
  });

  it('keep what is shared shared, and circles round', () => {
    const circle: unknown[] = [1];
    circle.push(circle, { circle });
    const shared = { a: 1 };
    connected((given) => {
      const [first, [x, y]] = given as [unknown[], [unknown, unknown]];
      expect(first[1]).toBe(first);
      expect((first[2] as { circle: unknown }).circle).toBe(first);
      expect(x).toBe(y);
      return undefined;
    }).send([circle, [shared, shared]]);
  });

  it('do not depend on their depth', () => {
    let deep: unknown = null;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    let depth = 0;
    connected((given) => {
      for (let at = given as unknown[] | null; at !== null; at = at[0] as unknown[] | null) depth += 1;
      return undefined;
    }).send(deep);
    expect(depth).toBe(20_000);
  });

  it('run no getter when they are sent', () => {
    let runs = 0;
    const value = Object.defineProperty({ a: 1 }, 'x', { get: () => (runs += 1), enumerable: true });
    connected((given) => {
      expect(runs).toBe(0);
      expect((given as { x: number }).x).toBe(1);
      return undefined;
    }).send(value);
    expect(runs).toBe(1);
  });

  it('that are too large are refused, and nothing is out of step then', () => {
    const { send } = connected((given) => given);
    const large = { inner: { a: 1 }, list: new Array(1_100_000).fill(0) };
    expect(() => send(large)).toThrow('The value is too large to pass');
    expect(send(large.inner)).toBe(large.inner);
    expect(send([large.inner])).toEqual([{ a: 1 }]);
  });

  it('are all that a candidate may use of the tests: not what makes code, nor anything it was not given', () => {
    const here = newPeer({
      ...{ exchange: () => '', perform: () => 0, firstId: 1, keepsFunctionsHome: false },
      isGuarded: true,
    });
    const serve = (...message: unknown[]): unknown =>
      (JSON.parse(here.serve(here.open(JSON.stringify(message)))) as unknown[])[0];
    expect(serve('call', [], [], [], ['w', 'Function'], ['u'], 'return 1')).toBe('throw');
    expect(serve('call', [], [], [], ['w', 'eval'], ['u'], '1')).toBe('throw');
    expect(serve('get', [], [], [], ['w', 'globalThis'], 'eval', ['u'])).toBe('throw');
    expect(() =>
      here.open(JSON.stringify(['return', [], [[2, 'typed', null, 'Function', 'x', 0, 0]], []])),
    ).toThrow();
  });
});

describe('what the tests ask of something that stays with the candidate', () => {
  const guarded = (value: unknown): ReturnType<typeof connected> => connected(() => value, true);

  it('has one answer for each kind of primitive until the tests have something run', () => {
    let asked = 0;
    const ask = (): number => {
      asked += 1;
      return asked;
    };
    const value = { valueOf: ask, toString: () => `asked ${ask()}`, run() {} };
    const got = guarded(value).send(undefined) as number & typeof value;
    expect([+got, +got, got > 0 && got < 2, got * 3]).toEqual([1, 1, true, 3]);
    expect([`${got}`, `${got}`, String(got)]).toEqual(['asked 2', 'asked 2', 'asked 2']);
    got.run();
    expect([+got, +got, got.valueOf(), got.valueOf()]).toEqual([3, 3, 4, 5]);
  });

  it('is thrown again where it was thrown once', () => {
    let asked = 0;
    const value = {
      get x(): number {
        asked += 1;
        if (asked === 1) throw new RangeError('first');
        return 3.25;
      },
    };
    const got = guarded(value).send(undefined) as typeof value;
    expect(() => got.x).toThrow('first');
    expect(() => got.x).toThrow('first');
    expect(asked).toBe(1);
  });

  it('is fixed for a list with functions, or a class, of the candidate too', () => {
    let asked = 0;
    class Pair extends Array<number> {
      override toString(): string {
        asked += 1;
        return `${this.join('|')} ${asked}`;
      }
    }
    const own = guarded(Object.assign([7], { valueOf: () => (asked += 1) })).send(undefined) as number[];
    expect([Number(own), Number(own), Object.keys(own)]).toEqual([1, 1, ['0', 'valueOf']]);
    const pair = guarded(Pair.from([1, 2])).send(undefined) as number[];
    expect([`${pair}`, `${pair}`]).toEqual(['1|2 2', '1|2 2']);
    pair[0] = 5;
    expect(`${pair}`).toBe('5|2 3');
  });

  it('does not tell it which key is looked for, nor whether anything is of its class', () => {
    const keys: unknown[] = [];
    const traps = { has: (_: object, key: PropertyKey) => keys.push(key) > 0 };
    const Claims = Object.defineProperty(class {}, Symbol.hasInstance, {
      value: (given: unknown) => keys.push(given) > 0,
    });
    const { send, texts } = guarded([new Proxy({ there: 1 }, traps), Claims]);
    const [got, Kind] = send(undefined) as [object, typeof Claims];
    expect(['secret' in got, 'there' in got, 'toString' in got, Reflect.has(got, 'secret')]).toEqual([
      ...[false, true, true, false],
    ]);
    expect([got instanceof Kind, ['secret'] instanceof Kind]).toEqual([false, false]);
    expect([keys, texts.some((text) => text.includes('secret'))]).toEqual([[], false]);
  });
});
