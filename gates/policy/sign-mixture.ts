import { choose, lowerTailCount } from './math/binomial-tail.ts';
import { mustBeCount } from './math/domain.ts';
import { type Rational, rational } from './math/rational.ts';
import type { Discordance } from './mcnemar.ts';

/**
 * E-value of wins and losses against P(win) <= ½, mixing all q in [½, 1] uniformly: 2^(m+1) B(w+1, l+1)(1 - I_½(w+1, l+1)). With
 * 1 - I_½(w+1, l+1) = P(Bin(m+1, ½) <= w) this is the exact fraction Σ_{k<=w} C(m+1, k) / ((m+1) C(m, w)).
 */
export function signMixture({ wins, losses }: Discordance): Rational {
  mustBeCount(wins, 'wins');
  mustBeCount(losses, 'losses');
  const discordant = wins + losses;
  return rational(lowerTailCount(wins, discordant + 1), BigInt(discordant + 1) * choose(discordant, wins));
}
