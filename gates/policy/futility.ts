import { exp } from './math/elementary.ts';
import type { Rational } from './math/rational.ts';
import { toNumber } from './math/rational.ts';
import { type Discordance, mcnemarRejects } from './mcnemar.ts';
import { conditionalPower } from './planning.ts';

export interface FutilityOptions {
  /** Looks at equal distances, the last at the end; 1 looks at the end only. */
  readonly looks: number;
  /** Stop where the conditional power is below this. */
  readonly minConditionalPower: number;
  /** The effect that is hoped for, in score units. */
  readonly delta: number;
}

const discordancePrior = 0.15;
const priorItems = 20;

/** Items after which to look, before the last. */
export function looksAt(items: number, looks: number): readonly number[] {
  const places: number[] = [];
  for (let look = 1; look < looks; look += 1) {
    const place = Math.floor((items * look) / looks);
    if (place > 0 && place < items && place !== places.at(-1)) places.push(place);
  }
  return places;
}

/**
 * Whether going on is hopeless: the conditional power under the hoped-for effect, with the discordance seen so far (as if 20 more
 * items with 0.15 had been seen, and never below 1.2·δ), is below the bound. Stopping for futility lowers the probability to
 * reject and so costs no alpha.
 */
export function isFutile(
  { wins, losses }: Discordance,
  seen: number,
  items: number,
  level: Rational,
  { minConditionalPower, delta }: FutilityOptions,
): boolean {
  // What cannot be reached even by winning every item that is left needs no estimate.
  const best = { wins: wins + items - seen, losses };
  if (!surelyRejects(best, toNumber(level)) && !mcnemarRejects(best, level)) return true;
  const observed = (wins + losses + priorItems * discordancePrior) / (seen + priorItems);
  const effect = { delta, discordance: Math.max(1.2 * delta, observed) };
  return conditionalPower({ wins, losses, seen, items }, effect, toNumber(level)) < minConditionalPower;
}

/** By Hoeffding's bound, p <= exp(-2(w - m/2)²/m), well clear of rounding; it spares sums over thousands of coefficients. */
function surelyRejects({ wins, losses }: Discordance, level: number): boolean {
  const discordant = wins + losses;
  const excess = wins - discordant / 2;
  return excess > 0 && exp((-2 * excess * excess) / discordant) < level / 2;
}
