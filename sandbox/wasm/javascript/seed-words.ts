import { sha256Hex } from '../../../src/kernel/digest.ts';

/** All that looks random or temporal inside an execution, derived from its seed. */
export interface SeedWords {
  /** 32-bit words for `Math.random`. */
  readonly words: readonly [number, number, number, number];
  /** What the clock shows, milliseconds since 1970: a moment in 2024. */
  readonly epochMs: number;
  /** A global name that none of the given sources contains. */
  readonly counter: string;
}

const yearStartMs = Date.UTC(2024, 0, 1);
const yearSeconds = 365 * 86_400;

export function seedWords(seed: string, sources: readonly string[]): SeedWords {
  const hex = sha256Hex(seed);
  const word = (index: number): number => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16) | 0;
  let counter = '';
  let attempt = 0;
  do {
    counter = `$${sha256Hex(`${seed}\n${attempt}`).slice(0, 12)}`;
    attempt += 1;
  } while (sources.some((source) => source.includes(counter)));
  return {
    words: [word(0), word(1), word(2), word(3)],
    epochMs: yearStartMs + ((word(4) >>> 0) % yearSeconds) * 1000,
    counter,
  };
}
