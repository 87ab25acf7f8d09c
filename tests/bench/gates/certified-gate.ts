import { codedLevel, discloseBit, openCodedLedger } from '../../../gates/policy/coded-ledger.ts';
import { certifiedAccount, type LevelAccount } from '../../../gates/policy/level-policy.ts';
import { compare, parseRational, type Rational, zero } from '../../../gates/policy/math/rational.ts';
import { devScreenAt, exactTest, predictedPowerFor } from './exact-decisions.ts';
import type { Gate, GateSetting } from './gate.ts';
import { differenceAt, discordanceBetween, type Program } from './latent-model.ts';

/** What of the `certified` policy can be set. */
export interface CertifiedRule {
  readonly promoteShare: Rational;
  readonly entryLevel: Rational;
  /** Null tests whatever passes the dev screen. */
  readonly minPower: number | null;
  /**
   * The share of a promotion in one last test, made after the last proposal if the working champion is ahead of the certified one
   * on the dev split. The ledger allows any share that is a function of earlier symbols and dev data, and the number of proposals
   * was known before.
   */
  readonly closingShare: Rational | null;
}

const alpha = parseRational('1/20');
const shrink = 0.75;

const usual: CertifiedRule = {
  promoteShare: parseRational('1/3'),
  entryLevel: parseRational('1/5'),
  minPower: 0.5,
  closingShare: null,
};
const wideEntry = parseRational('2/5');
const closingShare = parseRational('9/10');

/** The policy as configured by default, and variants of it that have the same guarantee. */
export const certifiedRules = {
  certified: usual,
  'certified-no-trigger': { ...usual, minPower: null },
  'certified-wide': { ...usual, entryLevel: wideEntry },
  'certified-closing': { ...usual, closingShare },
  'certified-wide-closing': { ...usual, entryLevel: wideEntry, closingShare },
  'certified-wide-closing-rare': { ...usual, entryLevel: wideEntry, closingShare, minPower: 0.6 },
  'certified-half': { ...usual, promoteShare: parseRational('1/2') },
} satisfies Record<string, CertifiedRule>;

export type CertifiedName = keyof typeof certifiedRules;

const screens = new Map<Rational, ReturnType<typeof devScreenAt>>();
const triggers = new Map<number, ReturnType<typeof predictedPowerFor>>();

/**
 * Two tracks: a working champion that the dev split moves, and a certified one that only held-out tests move. Whoever proposes
 * sees every dev score, and of the held-out items the symbols alone.
 */
export function certifiedGate(first: Program, { items, rounds }: GateSetting, rule: CertifiedRule): Gate {
  const passesDev = memo(screens, rule.entryLevel, () => devScreenAt(rule.entryLevel));
  const powerOf = memo(triggers, items, () => predictedPowerFor(items, shrink));
  let account = certifiedAccount(alpha, rule.promoteShare);
  let ledger = openCodedLedger(alpha);
  let working = first;
  let certified = first;
  let round = 0;
  const isWorthATest = (): boolean => {
    if (compare(account.level, zero) <= 0) return false;
    if (rule.minPower === null) return true;
    return powerOf(discordanceBetween(working, certified, 'dev'), account.level) >= rule.minPower;
  };
  const test = (level: LevelAccount['level']) => {
    const { rejects, itemsUsed } = exactTest(items, differenceAt(working, certified, 'heldOut'), level);
    const promotion = rejects ? { challenger: working, champion: certified } : null;
    account = account.after(rejects ? 'promote' : 'discard', 1);
    ledger = discloseBit(ledger, rule.promoteShare, rejects);
    if (rejects) certified = working;
    return { promotion, heldOutItems: itemsUsed };
  };
  /** The last test of all: what is disclosed by it, nobody uses any more. */
  const closes = (): boolean => {
    if (rule.closingShare === null || round < rounds || working === certified) return false;
    const { wins, losses } = discordanceBetween(working, certified, 'dev');
    return wins > losses;
  };
  return {
    base: () => working,
    certified: () => certified,
    judge(challenger) {
      round += 1;
      const dev = discordanceBetween(challenger, working, 'dev');
      const told = (dev.wins - dev.losses) / items;
      const moves = passesDev(dev);
      if (moves) working = challenger;
      if (rule.closingShare !== null && closes()) {
        return { moves, told, ...test(codedLevel(ledger, rule.closingShare)) };
      }
      if (!moves || !isWorthATest()) return { moves, told, promotion: null, heldOutItems: 0 };
      return { moves, told, ...test(account.level) };
    },
  };
}

function memo<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
