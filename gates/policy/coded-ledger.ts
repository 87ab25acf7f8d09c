import { must } from './math/domain.ts';
import { ln } from './math/elementary.ts';
import {
  compare,
  multiply,
  one,
  type Rational,
  rational,
  subtract,
  toNumber,
  zero,
} from './math/rational.ts';

/** What a held-out epoch may still spend: the budget B, and the symbols that were disclosed with their shares. */
export interface CodedLedger {
  readonly budget: Rational;
  /** Product of the shares of the symbols disclosed so far; the leak is -log2 of it, in bits. */
  readonly disclosedShare: Rational;
  readonly tests: number;
}

/**
 * Opens an epoch with a budget of `alpha`. A test is run at level f·B; when a symbol of prior share q is disclosed, B becomes q·B
 * and the leak grows by -log2 q bits. Shares are fixed before the data, sum to at most one, and those of symbols that promote
 * sum to f. Then P(any false promotion in the epoch) <= α for every proposer that sees only the symbols (our construction; by
 * induction over the tree of symbols, without independence between tests).
 */
export function openCodedLedger(alpha: Rational): CodedLedger {
  mustBeFraction(alpha, 'alpha');
  return { budget: alpha, disclosedShare: one, tests: 0 };
}

/** The level of the next test, when its promoting symbols have the share `promoteShare`. */
export function codedLevel(ledger: CodedLedger, promoteShare: Rational): Rational {
  mustBeFraction(promoteShare, 'the share of promotions');
  return multiply(ledger.budget, promoteShare);
}

/** After a symbol of share `share` was disclosed. */
export function discloseSymbol(ledger: CodedLedger, share: Rational): CodedLedger {
  mustBeFraction(share, 'the share of a symbol');
  return {
    budget: multiply(ledger.budget, share),
    disclosedShare: multiply(ledger.disclosedShare, share),
    tests: ledger.tests + 1,
  };
}

/** PROMOTE has the share f, DISCARD has 1 - f. */
export function discloseBit(ledger: CodedLedger, promoteShare: Rational, promoted: boolean): CodedLedger {
  return discloseSymbol(ledger, promoted ? promoteShare : subtract(one, promoteShare));
}

/** f = 1/(T - t + 1) for test t of a horizon of T: alpha/T each on the path of discards, as Bonferroni. */
export function horizonShare(ledger: CodedLedger, horizon: number): Rational {
  return rational(1n, BigInt(Math.max(1, horizon - ledger.tests)));
}

export function isSpent({ budget }: CodedLedger): boolean {
  return compare(budget, rational(0n, 1n)) <= 0;
}

/** Bits that the disclosed symbols told: -log2 of the product of their shares. */
export function leakBits({ disclosedShare }: CodedLedger): number {
  const { numerator, denominator } = disclosedShare;
  if (numerator === 0n) return Number.POSITIVE_INFINITY;
  // The logarithm of a huge fraction, through its leading digits.
  return (logOf(denominator) - logOf(numerator)) / ln(2);
}

function mustBeFraction(value: Rational, what: string): void {
  const fits = compare(value, zero) >= 0 && compare(value, one) <= 0;
  must(fits, what, 'between 0 and 1', toNumber(value));
}

function logOf(value: bigint): number {
  const bits = Math.max(0, value.toString(2).length - 60);
  return ln(Number(value >> BigInt(bits))) + bits * ln(2);
}
