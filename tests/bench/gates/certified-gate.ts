import { certifiedAccount } from '../../../gates/policy/level-policy.ts';
import { compare, parseRational, type Rational, zero } from '../../../gates/policy/math/rational.ts';
import { devScreenAt, exactTest, predictedPowerFor } from './exact-decisions.ts';
import type { Gate } from './gate.ts';
import { differenceAt, discordanceBetween, type Program } from './latent-model.ts';

/** What of the `certified` policy can be set; the defaults are those of the product. */
export interface CertifiedRule {
  readonly alpha: Rational;
  readonly promoteShare: Rational;
  readonly entryLevel: Rational;
  /** Null tests whatever passes the dev screen. */
  readonly trigger: { readonly minPower: number; readonly shrink: number } | null;
}

export const defaultRule: CertifiedRule = {
  alpha: parseRational('1/20'),
  promoteShare: parseRational('1/3'),
  entryLevel: parseRational('1/5'),
  trigger: { minPower: 0.5, shrink: 0.75 },
};

const screens = new Map<Rational, ReturnType<typeof devScreenAt>>();
const triggers = new Map<string, ReturnType<typeof predictedPowerFor>>();

/**
 * Two tracks: a working champion that the dev split moves, and a certified one that only held-out tests move. Whoever proposes
 * sees every dev score, and of the held-out items the symbols alone.
 */
export function certifiedGate(first: Program, items: number, rule: CertifiedRule): Gate {
  const { trigger } = rule;
  const passesDev = memo(screens, rule.entryLevel, () => devScreenAt(rule.entryLevel));
  const shrink = trigger?.shrink ?? 1;
  const powerOf = memo(triggers, `${items} ${shrink}`, () => predictedPowerFor(items, shrink));
  let account = certifiedAccount(rule.alpha, rule.promoteShare);
  let working = first;
  let certified = first;
  const isWorthATest = (): boolean => {
    if (compare(account.level, zero) <= 0) return false;
    if (trigger === null) return true;
    return powerOf(discordanceBetween(working, certified, 'dev'), account.level) >= trigger.minPower;
  };
  return {
    base: () => working,
    certified: () => certified,
    judge(challenger) {
      const dev = discordanceBetween(challenger, working, 'dev');
      const told = (dev.wins - dev.losses) / items;
      if (!passesDev(dev)) return { moves: false, promotion: null, heldOutItems: 0, told };
      working = challenger;
      if (!isWorthATest()) return { moves: true, promotion: null, heldOutItems: 0, told };
      const { rejects, itemsUsed } = exactTest(
        items,
        differenceAt(working, certified, 'heldOut'),
        account.level,
      );
      account = account.after(rejects ? 'promote' : 'discard', 1);
      const promotion = rejects ? { challenger: working, champion: certified } : null;
      if (rejects) certified = working;
      return { moves: true, promotion, heldOutItems: itemsUsed, told };
    },
  };
}

function memo<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
