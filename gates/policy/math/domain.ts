import { PawlError } from '../../../src/kernel/pawl-error.ts';

/** What the functions of this room take; outside of it a formula still gives a number, and the number means nothing. */
export function mustBeCount(value: number, what: string, atLeast = 0): void {
  must(Number.isSafeInteger(value) && value >= atLeast, what, `a whole number from ${atLeast} on`, value);
}

/** Between 0 and 1, the ends included: p-values, shares, scores. */
export function mustBeShare(value: number, what: string): void {
  must(value >= 0 && value <= 1, what, 'between 0 and 1', value);
}

/** Above 0 and below 1: levels, powers. */
export function mustBeLevel(value: number, what: string): void {
  must(value > 0 && value < 1, what, 'above 0 and below 1', value);
}

/** A fraction of wealth that may be lost without losing all of it. */
export function mustBeBet(value: number): void {
  must(value >= 0 && value < 1, 'a bet', 'from 0 up to, but not, 1', value);
}

/** Differences of scores in [0, 1]. */
export function mustBeDifference(value: number): void {
  must(value >= -1 && value <= 1, 'a difference', 'between -1 and 1', value);
}

export function mustBeFinite(value: number, what: string): void {
  must(Number.isFinite(value), what, 'a finite number', value);
}

export function mustBePositive(value: number, what: string): void {
  must(value > 0 && value < Number.POSITIVE_INFINITY, what, 'above 0', value);
}

/** An e-value may be infinite: then nothing is left of the null hypothesis. */
export function mustBeEValue(value: number): void {
  must(value >= 0, 'an e-value', '0 or more', value);
}

/** @throws PawlError `USAGE` */
export function must(holds: boolean, what: string, rule: string, value: number): void {
  if (!holds) throw new PawlError('USAGE', `It has to be ${rule}: ${what} (${value}).`);
}
