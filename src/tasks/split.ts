import type { Digest } from '../kernel/brand.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Suite } from './suite.ts';

/** In the order of use: search on the first, choose on the second, gate on the third, open the last once. */
export const splitNames = ['optimize', 'select', 'heldout', 'final'] as const;
export type SplitName = (typeof splitNames)[number];

export interface SplitPlan {
  readonly seed: string;
  /** Share of each part, in [0, 1], together 1. A part with share 0 stays empty. */
  readonly fractions: Readonly<Record<SplitName, number>>;
  /** Tasks with the same value of this tag stay together, for example all bugs of one program; null lets each go alone. */
  readonly groupBy: string | null;
  /** Every value of this tag is spread over the parts in proportion; null does not look at tags. */
  readonly stratifyBy: string | null;
}

/** Task ids by part, each in suite order; frozen, disjoint, together the whole suite. */
export interface Splits {
  readonly suite: Digest;
  readonly plan: SplitPlan;
  readonly parts: Readonly<Record<SplitName, readonly string[]>>;
}

interface Group {
  readonly key: string;
  readonly stratum: string;
  readonly ids: string[];
  /** Sorts groups in an order that depends on the suite's content, the seed and the group alone. */
  readonly rank: Digest;
}

/**
 * Cuts a suite into parts, from (suite digest, seed, plan) alone. Groups are taken stratum by stratum in the order of
 * SHA-256(suite digest, seed, group), and each goes to the part that lacks most of its share. Without groups every part
 * is within one task of its share, in the whole and (up to what other strata left over) in each stratum.
 *
 * @throws PawlError `SPLIT_INVALID` for shares that are not shares, a missing tag, a group that lies in two strata, or a
 * part that would be empty although it was given a share
 */
export function splitSuite(suite: Suite, plan: SplitPlan): Splits {
  checkFractions(plan);
  const partOf = assign(collectGroups(suite, plan), plan);
  const parts = Object.fromEntries(
    splitNames.map((name) => [
      name,
      Object.freeze(suite.tasks.map((task) => task.view.id).filter((id) => partOf.get(id) === name)),
    ]),
  ) as unknown as Splits['parts'];
  for (const name of splitNames) {
    if (plan.fractions[name] === 0 || parts[name].length > 0) continue;
    throw invalid(
      `The part "${name}" would be empty: the suite "${suite.name}" is too small for these shares. Use fewer parts (share 0), larger shares or a larger suite.`,
    );
  }
  return Object.freeze({ suite: suite.digest, plan: structuredClone(plan), parts: Object.freeze(parts) });
}

function checkFractions({ fractions }: SplitPlan): void {
  let total = 0;
  for (const name of splitNames) {
    const fraction = fractions[name];
    if (!(fraction >= 0 && fraction <= 1)) {
      throw invalid(`The share of "${name}" is ${fraction}; shares lie between 0 and 1.`);
    }
    total += fraction;
  }
  if (Math.abs(total - 1) > 1e-9)
    throw invalid(`The shares of the parts add up to ${total}; they must add up to 1.`);
}

function collectGroups(suite: Suite, { seed, groupBy, stratifyBy }: SplitPlan): Group[] {
  const groups = new Map<string, Group>();
  for (const { view } of suite.tasks) {
    const tag = (name: string): string => {
      const value = view.tags[name];
      if (value === undefined) throw invalid(`The task "${view.id}" has no tag "${name}" to split by.`);
      return value;
    };
    const key = groupBy === null ? view.id : tag(groupBy);
    const stratum = stratifyBy === null ? '' : tag(stratifyBy);
    const group = groups.get(key);
    if (group === undefined) {
      const rank = sha256Hex(JSON.stringify([suite.digest, seed, key]));
      groups.set(key, { key, stratum, ids: [view.id], rank });
    } else if (group.stratum === stratum) {
      group.ids.push(view.id);
    } else {
      throw invalid(
        `The group "${key}" (tag "${groupBy}") holds "${group.stratum}" and "${stratum}" of the tag "${stratifyBy}"; a group must lie in one stratum.`,
      );
    }
  }
  const order = (left: Group): string => `${left.stratum}\u0000${left.rank}`;
  return [...groups.values()].sort((left, right) => (order(left) < order(right) ? -1 : 1));
}

function assign(groups: readonly Group[], { fractions }: SplitPlan): ReadonlyMap<string, SplitName> {
  const missing: Record<SplitName, number> = { optimize: 0, select: 0, heldout: 0, final: 0 };
  const partOf = new Map<string, SplitName>();
  for (const [index, group] of groups.entries()) {
    if (index === 0 || groups[index - 1]?.stratum !== group.stratum) {
      const size = groups.reduce(
        (sum, { stratum, ids }) => sum + (stratum === group.stratum ? ids.length : 0),
        0,
      );
      for (const name of splitNames) missing[name] += fractions[name] * size;
    }
    const open = splitNames.filter((name) => fractions[name] > 0);
    const neediest = open.reduce((best, name) => (missing[name] > missing[best] ? name : best));
    missing[neediest] -= group.ids.length;
    for (const id of group.ids) partOf.set(id, neediest);
  }
  return partOf;
}

function invalid(message: string): PawlError {
  return new PawlError('SPLIT_INVALID', message);
}
