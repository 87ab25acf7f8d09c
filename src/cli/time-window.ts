import { InvalidArgumentError } from 'commander';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A moment as people write it: a date and time in ISO form, or a duration that is that long ago. */
export type Moment = { readonly atMs: number } | { readonly agoMs: number };

/**
 * Reads `2026-03-01`, `2026-03-01T12:00:00Z` (without a zone: the machine's) or a duration such as `90m`, `2h`, `7d`.
 *
 * @throws InvalidArgumentError
 */
export function parseMoment(text: string): Moment {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return { agoMs: Number(count) * (unitMs[unit] ?? 0) };
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError('It must be a time such as 2026-03-01T12:00Z, or a duration such as 2h.');
  return { atMs };
}

/** Milliseconds since the epoch. */
export function momentMs(moment: Moment, nowMs: number): number {
  return 'atMs' in moment ? moment.atMs : nowMs - moment.agoMs;
}
