import type { Experiment } from './job.ts';
import type { LoopOptions } from './loop.ts';
import type { Estimate } from './tally.ts';

export const tableNames = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export type TableName = (typeof tableNames)[number];

/** A published figure: its value, its standard error where one was published, and half a unit of its last digit. */
export interface Reference {
  readonly text: string;
  readonly value: number;
  readonly error: number | null;
  readonly rounding: number;
}

/** A figure that is wanted of an experiment, beside what the reference simulations found. */
export interface Wanted {
  readonly figure: string;
  readonly reference: Reference | null;
}

/** One row of a table: an experiment, how often it is repeated, and the figures in the table's columns. */
export interface Cell {
  readonly table: TableName;
  /** What stands in the first columns. */
  readonly labels: readonly string[];
  readonly experiment: Experiment;
  readonly repetitions: number;
  readonly wanted: readonly Wanted[];
  readonly evaluationsReference: string | null;
}

/** Reads `.554±.008`, or `.727`. */
export function reference(text: string | null): Reference | null {
  if (text === null) return null;
  const [value = '', error] = text.split('±');
  const decimals = value.split('.')[1]?.length ?? 0;
  return {
    text,
    value: Number(value),
    error: error === undefined ? null : Number(error),
    rounding: 0.5 / 10 ** decimals,
  };
}

/**
 * Whether a measured figure and a published one agree: within three combined standard errors, or within 0.005. Where no error was
 * published, that of as many repetitions as here stands in for it; the rounding of what was published counts as an error too.
 */
export function agrees(measured: Estimate, { value, error, rounding }: Reference): boolean {
  const difference = Math.abs(measured.mean - value);
  const errors = [measured.error, error ?? measured.error, rounding / Math.sqrt(3)];
  return difference <= 0.005 || difference <= 3 * Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0));
}

/** A loop with what most of them have in common. */
export function loopOf(
  options: Pick<LoopOptions, 'gate' | 'items' | 'rounds' | 'discordance'> & Partial<LoopOptions>,
): Experiment {
  return { kind: 'loop', options: { kinds: [], adversary: null, disclosure: 'bit', ...options } };
}
