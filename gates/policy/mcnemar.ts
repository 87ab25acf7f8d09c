import { choose, upperTailCount } from './math/binomial-tail.ts';
import { mustBeCount } from './math/domain.ts';
import { bitLength, type Rational, rational, toNumber } from './math/rational.ts';

/** Items on which the two sides differ: `wins` of the challenger, `losses` of it. Ties carry no information. */
export interface Discordance {
  readonly wins: number;
  readonly losses: number;
}

function discordantOf({ wins, losses }: Discordance): number {
  mustBeCount(wins, 'wins');
  mustBeCount(losses, 'losses');
  return wins + losses;
}

/**
 * Exact McNemar (sign) test that the challenger is better: P(Bin(m, ½) >= wins) with m = wins + losses. Valid at any n, also for
 * outcomes of single stochastic runs, because the null hypothesis is P(win) <= P(loss). McNemar 1947.
 */
export function mcnemarPValue({ wins, losses }: Discordance): Rational {
  const discordant = discordantOf({ wins, losses });
  const count = upperTailCount(wins, discordant);
  // Lowest terms without Euclid: only twos can be common, and the lowest bit that is set says how many.
  const twos = BigInt(Math.min(discordant, bitLength(count & -count) - 1));
  return { numerator: count >> twos, denominator: 1n << (BigInt(discordant) - twos) };
}

/** Twice the smaller of the two one-sided tails, at most 1; 1 where wins equal losses. */
export function mcnemarTwoSided({ wins, losses }: Discordance): number {
  discordantOf({ wins, losses });
  if (wins === losses) return 1;
  const { numerator, denominator } = mcnemarPValue({
    wins: Math.max(wins, losses),
    losses: Math.min(wins, losses),
  });
  return Math.min(1, toNumber(rational(2n * numerator, denominator)));
}

/** Mid-p: half of P(K = wins) less. For reports only: it does not guarantee its level (Fagerland 2013). */
export function mcnemarMidP({ wins, losses }: Discordance): number {
  const discordant = discordantOf({ wins, losses });
  const twice = 2n * upperTailCount(wins, discordant) - choose(discordant, wins);
  return toNumber(rational(twice, 1n << BigInt(discordant + 1)));
}

/**
 * Whether the exact p-value is at most the level: the integer comparison den · Σ C(m, k) <= num · 2^m, so that the decision
 * is the same on every engine.
 */
export function mcnemarRejects({ wins, losses }: Discordance, level: Rational): boolean {
  const discordant = discordantOf({ wins, losses });
  const count = upperTailCount(wins, discordant);
  return level.denominator * count <= level.numerator << BigInt(discordant);
}

/** The fewest wins among `discordant` items that reject at the level, or null where not even all of them do. */
export function mcnemarCriticalWins(discordant: number, level: Rational): number | null {
  const bound = level.numerator << BigInt(discordant);
  let tail = 0n;
  let term = 1n;
  for (let wins = discordant; wins >= 0; wins -= 1) {
    tail += term;
    if (level.denominator * tail > bound) return wins === discordant ? null : wins + 1;
    term = (term * BigInt(wins)) / BigInt(discordant - wins + 1);
  }
  return 0;
}
