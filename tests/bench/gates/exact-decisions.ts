import { devScreen } from '../../../gates/policy/dev-screen.ts';
import { heldOutTest } from '../../../gates/policy/held-out-test.ts';
import { type Rational, rationalText, toNumber } from '../../../gates/policy/math/rational.ts';
import { type Discordance, mcnemarPValue } from '../../../gates/policy/mcnemar.ts';
import { predictedPower } from '../../../gates/policy/predicted-power.ts';
import { signMixture } from '../../../gates/policy/sign-mixture.ts';

/**
 * The product's decisions about pass/fail items, remembered by wins and losses: they depend on nothing else, and a benchmark asks
 * for the same ones millions of times. Each value comes from the product's code, on differences of that many wins and losses.
 */
function remembered<Value>(decide: (outcome: Discordance) => Value): (outcome: Discordance) => Value {
  const known = new Map<number, Value>();
  return (outcome) => {
    const key = outcome.wins * 65_536 + outcome.losses;
    let value = known.get(key);
    if (value === undefined) {
      value = decide(outcome);
      known.set(key, value);
    }
    return value;
  };
}

export function differencesOf({ wins, losses }: Discordance, items: number): readonly number[] {
  return Array.from({ length: items }, (_, index) => (index < wins ? 1 : index < wins + losses ? -1 : 0));
}

export const pValue = remembered((outcome) => toNumber(mcnemarPValue(outcome)));

export const signMixtureE = remembered((outcome) => toNumber(signMixture(outcome)));

/** Whether the dev screen lets a challenger pass at a level. */
export function devScreenAt(entryLevel: Rational): (outcome: Discordance) => boolean {
  return remembered(
    (outcome) =>
      devScreen(differencesOf(outcome, outcome.wins + outcome.losses), 'pass-fail', entryLevel).passes,
  );
}

/** Predicted power of a test of `items` items at a level, from the dev outcome on as many. */
export function predictedPowerFor(
  items: number,
  shrink: number,
): (outcome: Discordance, level: Rational) => number {
  const levels = new Map<string, (outcome: Discordance) => number>();
  return (outcome, level) => {
    const key = rationalText(level);
    let decide = levels.get(key);
    if (decide === undefined) {
      const at = toNumber(level);
      decide = remembered((seen) => predictedPower(differencesOf(seen, items), items, at, shrink));
      levels.set(key, decide);
    }
    return decide(outcome);
  };
}

/** An exact held-out test with the futility looks of the default configuration. */
export function exactTest(
  items: number,
  difference: (index: number) => number,
  level: Rational,
  looks = items < 200 ? 1 : 10,
): { readonly rejects: boolean; readonly itemsUsed: number } {
  const futility = { looks, minConditionalPower: 0.05, delta: 0.05 };
  return heldOutTest(items, difference, level, { kind: 'mcnemar-exact', futility });
}
