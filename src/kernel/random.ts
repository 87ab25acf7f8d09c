import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { sha256Bytes } from './digest.ts';

/** Seeded randomness; every draw advances it. There is no other randomness in the product's decisions. */
export interface Random {
  /** Uniform integer in [min, max], both included. */
  int(min: number, max: number): number;
  /** Uniform in [0, 1) with 53 bits. */
  float(): number;
  /** One element, uniformly; the list must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** A new array in a uniformly random order (Fisher-Yates). */
  shuffle<Item>(items: readonly Item[]): Item[];
}

/** A generator (xoroshiro128+) from any text: equal texts give equal draws on every machine. */
export function seededRandom(seed: string): Random {
  const bytes = sha256Bytes(seed);
  const generator = xoroshiro128plus(new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0));
  const int = (min: number, max: number): number => uniformInt(generator, min, max);
  const float = (): number => (int(0, 0x3ffffff) * 0x8000000 + int(0, 0x7ffffff)) / 0x20000000000000;
  const pick = <Item>(items: readonly Item[]): Item => items[int(0, items.length - 1)] as Item;
  const shuffle = <Item>(items: readonly Item[]): Item[] => {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = int(0, last);
      const held = result[last] as Item;
      result[last] = result[other] as Item;
      result[other] = held;
    }
    return result;
  };
  return { int, float, pick, shuffle };
}
