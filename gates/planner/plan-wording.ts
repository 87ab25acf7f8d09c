import { parseRational, toNumber } from '../policy/math/rational.ts';

/** `+0.05`, with as many of three digits as it needs. */
export function signed(effect: number): string {
  return `+${short(effect)}`;
}

/** At most three digits behind the point. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** For tables: `1/60` as it is, long fractions as a number. */
export function levelText(level: string): string {
  return level.length <= 9 ? level : toNumber(parseRational(level)).toExponential(1);
}
