import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateHash } from '../../projections/projection.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { hashOfPieces } from '../../src/ledger/snapshots/snapshot-hash.ts';
import type { Piece } from '../../src/ledger/snapshots/snapshot-store.ts';
import { canonicalParts, cutState, joinState } from '../../src/ledger/snapshots/state-pieces.ts';
import { superfluous } from '../../src/ledger/snapshots/superfluous.ts';

const projection = { name: 'any', version: 3, initialState: () => null, evolve: () => null };

/** Names that JavaScript treats in ways of its own, among others. */
const key = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', 'toString', '0', '10', '9', 'a"b', 'é', '\u{1F600}'),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => text.isWellFormed()),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -1.5, 1e300, '', 'text', 'ß\n"'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const state = fc.oneof(value, fc.dictionary(key, fc.dictionary(key, value, { maxKeys: 6 }), { maxKeys: 4 }));

const textOf = (pieces: readonly Piece[]): string =>
  Buffer.concat([...canonicalParts(pieces)].map((part) => Buffer.from(part))).toString('utf8');

const stored = (pieces: readonly Piece[]): Piece[] =>
  pieces.map((piece) => ({ ...piece, bytes: Uint8Array.from(piece.bytes) }));

describe('a state in pieces', () => {
  test('is its canonical text, has its hash, and comes together again', () => {
    fc.assert(
      fc.property(state, (given) => {
        const pieces = cutState(given);
        const canonical = canonicalJson(given);
        expect(textOf(pieces)).toBe(canonical);
        expect(hashOfPieces(projection, pieces)).toBe(stateHash(projection, given));
        expect(canonicalJson(joinState(stored(pieces)))).toBe(canonical);
      }),
      { numRuns: 500 },
    );
  });

  const large = (): Record<string, Record<string, { count: number; text: string }>> => ({
    things: Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [
        `thing-${String(index).padStart(4, '0')}`,
        { count: index, text: 'x'.repeat(index) },
      ]),
    ),
    few: { one: { count: 1, text: '' } },
  });

  test('comes as the same pieces again where nobody looked', () => {
    const pieces = stored(cutState(large()));
    expect(pieces.length).toBeGreaterThan(2);
    const joined = joinState(pieces);
    const again = cutState(joined);
    expect(again.map((piece) => pieces.indexOf(piece))).toEqual(pieces.map((_, index) => index));
  });

  test('can be read, changed, added to and taken from like any other object', () => {
    const change = fc.record({
      how: fc.constantFrom('read', 'change', 'set', 'delete', 'replace', 'add'),
      at: fc.nat(430),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const plain = large();
        const joined = joinState(stored(cutState(large()))) as ReturnType<typeof large>;
        for (const { how, at } of changes) {
          const name = `thing-${String(at).padStart(4, '0')}`;
          for (const { things = {} } of [plain, joined]) {
            const thing = things[name];
            if (how === 'read') JSON.stringify(thing);
            else if (how === 'change' && thing !== undefined) thing.count += 1000;
            else if (how === 'set') things[name] = { count: -1, text: 'set' };
            else if (how === 'delete') delete things[name];
            else if (how === 'replace') {
              // Without a look at what was there.
              delete things[name];
              things[name] = { count: -2, text: 'replaced' };
            } else if (how === 'add') things[`${name}-b`] = { count: at, text: 'between two others' };
          }
        }
        const canonical = canonicalJson(plain);
        expect(textOf(cutState(joined))).toBe(canonical);
        expect(Object.keys(joined['things'] ?? {}).sort()).toEqual(Object.keys(plain['things'] ?? {}).sort());
        expect(structuredClone(joined)).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  test('may be frozen by whoever reads it', () => {
    const joined = joinState(stored(cutState(large()))) as ReturnType<typeof large>;
    const things = Object.freeze(joined['things'] ?? {});
    expect(things['thing-0007']).toEqual({ count: 7, text: 'xxxxxxx' });
    expect(things['thing-0007']).toBe(things['thing-0007']);
  });
});

test('of a growing ledger some snapshots are kept: the two newest, and ever fewer towards the beginning', () => {
  let kept: number[] = [];
  for (let size = 1000; size < 1_000_000; size = Math.ceil(size * 1.04)) {
    kept = [...kept, size].filter((one, _, all) => !superfluous(all).includes(one));
    const sorted = kept.toSorted((left, right) => right - left);
    expect(sorted[0]).toBe(size);
    expect(sorted.length).toBeLessThanOrEqual(20);
    expect(sorted.at(-1)).toBe(1000);
    // Whoever looks back from anywhere finds a snapshot that holds at least half of what there was then.
    for (const [index, larger] of sorted.entries()) {
      expect((sorted[index + 1] ?? larger) / larger).toBeGreaterThan(0.5);
    }
  }
});
