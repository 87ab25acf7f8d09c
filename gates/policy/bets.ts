import { mustBeBet, mustBeCount, mustBeDifference } from './math/domain.ts';

/**
 * Capital of a gambler who bets a share `bet` in [0, 1) on every difference D in [-1, 1]: Π(1 + bet·D_i). Under E[D] <= 0 it is
 * a test supermartingale, so P(it ever reaches 1/α) <= α (Ville).
 *
 * @returns the capital after each item
 */
export function fixedBetPath(differences: readonly number[], bet: number): readonly number[] {
  mustBeBet(bet);
  let capital = 1;
  return differences.map((difference) => {
    mustBeDifference(difference);
    capital *= 1 + bet * difference;
    return capital;
  });
}

/** The bets of the grid mixture, equally weighted. */
export const gridBets = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9] as const;

/** Mean of the capitals of several fixed bets: an e-process that neither depends on the order of items nor needs their number. */
export function gridMixturePath(
  differences: readonly number[],
  bets: readonly number[] = gridBets,
): readonly number[] {
  mustBeCount(bets.length, 'bets', 1);
  for (const bet of bets) mustBeBet(bet);
  const capitals = bets.map(() => 1);
  return differences.map((difference) => {
    mustBeDifference(difference);
    let sum = 0;
    for (let index = 0; index < bets.length; index += 1) {
      const capital = (capitals[index] as number) * (1 + (bets[index] as number) * difference);
      capitals[index] = capital;
      sum += capital;
    }
    return sum / bets.length;
  });
}
