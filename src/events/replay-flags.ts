/**
 * Numbered changes of meaning. A run writes down which of them held when it started, and replay goes by what is written, so
 * that an old run is re-derived the way it was made however the product has changed since. A number is never used twice and
 * never removed; `docs/reference/replay-flags.md` is checked against this table.
 */
export interface ReplayFlag {
  readonly number: number;
  readonly name: string;
  /** What holds with the flag, and what held before it. */
  readonly meaning: string;
  /** The version of Pawl that writes it first. */
  readonly since: string;
}

export const replayFlags = {
  givenProgramOnce: {
    number: 1,
    name: 'given-program-once',
    meaning:
      'A prompt shows the program that the task hands out once, under "Program to repair"; before, the first turn repeated it.',
    since: '0.2.0',
  },
} as const satisfies Record<string, ReplayFlag>;

/** The numbers that hold for what was recorded; ascending. */
export type FlagNumbers = readonly number[];

/** What new runs are written with. */
export const currentFlags: FlagNumbers = Object.values(replayFlags).map(({ number }) => number);

export function hasFlag(flags: FlagNumbers, flag: ReplayFlag): boolean {
  return flags.includes(flag.number);
}
