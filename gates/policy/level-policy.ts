import {
  type CodedLedger,
  codedLevel,
  discloseBit,
  horizonShare,
  isSpent,
  leakBits,
  openCodedLedger,
} from './coded-ledger.ts';
import { type Rational, rational, toNumber, zero } from './math/rational.ts';
import { saffron } from './saffron.ts';

/** Who may be told what after a test: only this symbol. */
export type Symbol = 'promote' | 'discard';

/** Where the levels of a stream of held-out tests come from. Pure: every step gives a new account. */
export interface LevelAccount {
  /** Level of the next test; zero when nothing may be tested any more. */
  readonly level: Rational;
  /** What is left of alpha; null for a policy that has no budget. */
  readonly budget: Rational | null;
  /** Bits that the disclosed symbols told so far; null for a policy that does not count them. */
  bits(): number | null;
  /** After the test at that level: what was disclosed, and (for policies without a guarantee) the p-value it rests on. */
  after(symbol: Symbol, p: number): LevelAccount;
}

/**
 * `certified`: the coded ledger with a constant share of promotions. P(any false promotion) <= alpha in an epoch, for every
 * proposer that sees only the symbols.
 */
export function certifiedAccount(alpha: Rational, promoteShare: Rational): LevelAccount {
  return coded(openCodedLedger(alpha), () => promoteShare);
}

/** `every-candidate`: the coded ledger with f = 1/(T - t + 1), for a known number of tests. The same guarantee. */
export function everyCandidateAccount(alpha: Rational, tests: number): LevelAccount {
  return coded(openCodedLedger(alpha), (ledger) => horizonShare(ledger, tests));
}

/**
 * `fresh-shard`: as `every-candidate`, but a promotion ends the shard, and its scores may then be published. The expected number
 * of false promotions is at most alpha per shard opened.
 */
export function freshShardAccount(alpha: Rational, tests: number): LevelAccount {
  const account = (ledger: CodedLedger, open: boolean): LevelAccount => {
    const share = horizonShare(ledger, tests);
    return {
      ...standing(ledger),
      level: open && !isSpent(ledger) && ledger.tests < tests ? codedLevel(ledger, share) : zero,
      after: (symbol) =>
        account(discloseBit(ledger, share, symbol === 'promote'), open && symbol === 'discard'),
    };
  };
  return account(openCodedLedger(alpha), true);
}

/** Steps in which a level of the `explore` policy is kept, so that the comparison with it is exact. */
const exploreDenominator = 2n ** 60n;

/**
 * `explore`: SAFFRON on held-out p-values. There is no proof for it on a held-out set that is used again; for research loops
 * whose promotions can be undone.
 */
export function exploreAccount(alpha: Rational, seen: readonly number[] = []): LevelAccount {
  const procedure = saffron(toNumber(alpha));
  for (const p of seen) procedure.observe(p);
  const numerator = BigInt(Math.floor(procedure.level() * Number(exploreDenominator)));
  return {
    budget: null,
    bits: () => null,
    level: rational(numerator, exploreDenominator),
    after: (_, p) => exploreAccount(alpha, [...seen, p]),
  };
}

function coded(ledger: CodedLedger, shareOf: (ledger: CodedLedger) => Rational): LevelAccount {
  const share = shareOf(ledger);
  return {
    ...standing(ledger),
    level: isSpent(ledger) ? zero : codedLevel(ledger, share),
    after: (symbol) => coded(discloseBit(ledger, share, symbol === 'promote'), shareOf),
  };
}

function standing(ledger: CodedLedger): { readonly budget: Rational; bits(): number } {
  return { budget: ledger.budget, bits: () => leakBits(ledger) };
}
