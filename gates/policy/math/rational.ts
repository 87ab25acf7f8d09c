import { PawlError } from '../../../src/kernel/pawl-error.ts';

/** An exact fraction, in lowest terms, with a positive denominator. Levels and budgets are kept as these. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** @throws PawlError `INTERNAL` for a denominator of zero */
export function rational(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 0n) throw new PawlError('INTERNAL', 'A fraction needs a denominator other than zero.');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator * sign) * sign;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export const zero: Rational = { numerator: 0n, denominator: 1n };
export const one: Rational = { numerator: 1n, denominator: 1n };

/**
 * Reads `1/20`, `0.05`, `5e-2` or `3` exactly as written: 0.05 is one twentieth, not the nearest binary fraction.
 *
 * @throws PawlError `USAGE`
 */
export function parseRational(text: string): Rational {
  const fraction = /^(-?\d+)\/(\d+)$/.exec(text);
  if (fraction?.[1] !== undefined && fraction[2] !== undefined && BigInt(fraction[2]) !== 0n) {
    return rational(BigInt(fraction[1]), BigInt(fraction[2]));
  }
  const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (decimal === null) {
    throw new PawlError('USAGE', `"${text}" is not a fraction. Write it as 1/20 or as 0.05.`);
  }
  const [, sign = '', whole = '0', digits = '', exponent = '0'] = decimal;
  const shift = Number(exponent) - digits.length;
  const magnitude = BigInt(`${sign}${whole}${digits}`);
  return shift >= 0
    ? rational(magnitude * 10n ** BigInt(shift), 1n)
    : rational(magnitude, 10n ** BigInt(-shift));
}

/** `1/20`; whole numbers without the denominator. The form that is recorded. */
export function rationalText({ numerator, denominator }: Rational): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

export function multiply(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.numerator, left.denominator * right.denominator);
}

export function subtract(left: Rational, right: Rational): Rational {
  return rational(
    left.numerator * right.denominator - right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

export function add(left: Rational, right: Rational): Rational {
  return subtract(left, { numerator: -right.numerator, denominator: right.denominator });
}

/** Negative, zero or positive as `left` is below, equal to or above `right`. */
export function compare(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The nearest double but for one unit in the last place, whatever the size of the parts. */
export function toNumber({ numerator, denominator }: Rational): number {
  if (numerator === 0n) return 0;
  if (numerator < 0n) return -toNumber({ numerator: -numerator, denominator });
  // 64 significant bits of the quotient are enough for the 53 of a double.
  const shift = BigInt(bitLength(denominator) - bitLength(numerator) + 64);
  const quotient = shift >= 0n ? (numerator << shift) / denominator : numerator / (denominator << -shift);
  return scale(Number(quotient), -Number(shift));
}

export function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)));
}

/** value × 2^exponent, in two steps so that neither factor leaves the range of a double. */
export function scale(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
