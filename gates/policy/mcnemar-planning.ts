import { criticalWinsUpTo } from './critical-wins.ts';
import { binomialProbability, binomialUpperTail } from './math/beta.ts';
import { type Rational, toNumber } from './math/rational.ts';
import { type Effect, mcnemarSampleSize } from './planning.ts';

/** More held-out items than this are not planned for. */
export const plannedItemsMax = 20_000;

/**
 * The fewest items with which the one-sided exact McNemar test has at least this power, for that number of items *and every
 * larger one*. The exact power is no steady function of n (the critical number of wins jumps), so the first n that reaches the
 * power may be followed by some that do not.
 *
 * That no larger n falls back is shown and not tried out: with R(m) the power given m discordant items and r(m) = min over
 * k >= m of R(k), the mean of r over Bin(n, d) rises with n, and it is a lower bound of the power.
 *
 * @returns null where more than `plannedItemsMax` items would be needed
 */
export function mcnemarItems(effect: Effect, level: Rational, power: number): number | null {
  if (effect.delta <= 0 || level.numerator <= 0n) return null;
  const guess = Math.ceil(mcnemarSampleSize(effect, toNumber(level), power));
  let itemsMax = Math.min(plannedItemsMax, 2 * guess + 200);
  for (;;) {
    const found = itemsWithin(itemsMax, effect, level, power);
    if (found !== null || itemsMax === plannedItemsMax) return found;
    itemsMax = Math.min(plannedItemsMax, 2 * itemsMax);
  }
}

function itemsWithin(itemsMax: number, effect: Effect, level: Rational, power: number): number | null {
  const { discordance } = effect;
  const chances = rejectionChances(effect, level, 0, mostDiscordant(itemsMax, discordance));
  const floor = [...chances];
  for (let m = floor.length - 2; m >= 0; m -= 1)
    floor[m] = Math.min(floor[m] as number, floor[m + 1] as number);
  if (mean(floor, 0, itemsMax, discordance) < power) return null;
  let [fails, holds] = [0, itemsMax];
  while (holds - fails > 1) {
    const middle = (fails + holds) >> 1;
    if (mean(floor, 0, middle, discordance) >= power) holds = middle;
    else fails = middle;
  }
  while (holds > 1 && mean(chances, 0, holds - 1, discordance) >= power) holds -= 1;
  return holds;
}

/**
 * The smallest difference that the one-sided exact McNemar test finds on n items with this power, to nine digits. At a fixed
 * number of items the exact power rises steadily with the difference, so there is one.
 *
 * @returns null where not even winning every discordant item is found
 */
export function mcnemarDetectable(
  items: number,
  discordance: number,
  level: Rational,
  power: number,
): number | null {
  if (level.numerator <= 0n || discordance <= 0) return null;
  const to = mostDiscordant(items, discordance);
  const from = items - mostDiscordant(items, 1 - discordance);
  const critical = criticalWinsUpTo(to, level);
  const surplus = (delta: number): number =>
    mean(chancesGiven(critical, { delta, discordance }, from, to), from, items, discordance) - power;
  let [low, high] = [0, discordance];
  let [below, above] = [surplus(low), surplus(high)];
  if (above < 0) return null;
  if (below >= 0) return 0;
  // Regula falsi with the Illinois correction: a handful of evaluations, and always a bracket.
  let side = 0;
  for (let step = 0; step < 200; step += 1) {
    const delta = high - (above * (high - low)) / (above - below);
    const value = surplus(delta);
    if (Math.abs(value) < 1e-10) return delta;
    if (value > 0) {
      [high, above] = [delta, value];
      if (side === 1) below /= 2;
      side = 1;
    } else {
      [low, below] = [delta, value];
      if (side === -1) above /= 2;
      side = -1;
    }
  }
  return high;
}

/** Whether the one-sided exact McNemar test finds this effect on n items with at least this power. */
export function mcnemarFinds(items: number, effect: Effect, level: Rational, power: number): boolean {
  if (level.numerator <= 0n) return false;
  const to = mostDiscordant(items, effect.discordance);
  const from = items - mostDiscordant(items, 1 - effect.discordance);
  return mean(rejectionChances(effect, level, from, to), from, items, effect.discordance) >= power;
}

/** As many discordant items as n items have at the utmost, but for a probability below 1e-17. */
function mostDiscordant(items: number, discordance: number): number {
  const spread = Math.sqrt(items * discordance * (1 - discordance));
  return Math.min(items, Math.ceil(items * discordance + 9 * spread + 20));
}

/** After as many steps a tail is computed anew, so that rounding errors stay below 1e-13. */
const anchorSteps = 32;

/** P(the test rejects | m discordant items), for m = from … to. */
function rejectionChances(effect: Effect, level: Rational, from: number, to: number): readonly number[] {
  return chancesGiven(criticalWinsUpTo(to, level), effect, from, to);
}

function chancesGiven(
  critical: readonly (number | null)[],
  { delta, discordance }: Effect,
  from: number,
  to: number,
): readonly number[] {
  const winShare = Math.min(1, (discordance + delta) / (2 * discordance));
  const chances: number[] = [];
  // P(Bin(m, q) >= wins), and P(Bin(m, q) = wins - 1) below it.
  let tail = 0;
  let below = 0;
  for (let m = from; m <= to; m += 1) {
    const wins = critical[m] ?? null;
    const before = m === from ? null : (critical[m - 1] ?? null);
    if (wins === null) {
      chances.push(0);
      continue;
    }
    if (before === null || before === 0 || (m - from) % anchorSteps === 0) {
      tail = binomialUpperTail(wins, m, winShare);
      below = binomialProbability(wins - 1, m, winShare);
    } else {
      // One item more, which wins with probability q; then, where the critical number rises, one win more.
      tail += winShare * below;
      below *= (m * (1 - winShare)) / (m + 1 - before);
      if (wins > before && winShare < 1) {
        below *= ((m - before + 1) * winShare) / (before * (1 - winShare));
        tail -= below;
      }
    }
    chances.push(Math.min(1, Math.max(0, tail)));
  }
  return chances;
}

/** Mean of `values[m - from]` over m ~ Bin(items, discordance), from the mode outwards until nothing is added any more. */
function mean(values: readonly number[], from: number, items: number, discordance: number): number {
  if (discordance >= 1) return values[items - from] ?? 0;
  const mode = Math.min(items, Math.floor((items + 1) * discordance));
  const odds = discordance / (1 - discordance);
  const top = binomialProbability(mode, items, discordance);
  let sum = top * (values[mode - from] ?? 0);
  let weight = top;
  for (let m = mode; m < items && weight > 1e-18; m += 1) {
    weight *= ((items - m) / (m + 1)) * odds;
    sum += weight * (values[m + 1 - from] ?? 0);
  }
  weight = top;
  for (let m = mode; m > from && weight > 1e-18; m -= 1) {
    weight *= m / (items - m + 1) / odds;
    sum += weight * (values[m - 1 - from] ?? 0);
  }
  return sum;
}
