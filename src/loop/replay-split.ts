import { z } from 'zod';
import type { AnyRecordedEvent } from '../events/record.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { splitsOfSeed } from '../tasks/share-splits.ts';
import type { Splits } from '../tasks/split.ts';
import type { Suite } from '../tasks/suite.ts';
import { Inconclusive, refuted } from './replay-stops.ts';

type Frozen = Extract<AnyRecordedEvent, { type: 'SplitFrozen' }>;

/**
 * A split holds tasks of its suite, in the suite's order and none of another split's; where its seed is that of the suite's own
 * plan, it holds exactly the tasks that the plan draws. The event does not say which other plan it may be from.
 *
 * @param others members of the splits that were frozen before, by name
 * @returns its members
 * @throws Diverged; Inconclusive for a plan that is not known here
 */
export async function replaySplit(
  ledger: Ledger,
  event: Frozen,
  suite: Suite,
  others: ReadonlyMap<string, readonly string[]>,
): Promise<readonly string[]> {
  const { split, seed, tasks, suite: named } = event.data;
  if (named !== suite.digest) throw refuted(event, 'content', 'it is about another suite');
  if (others.has(split)) throw refuted(event, 'history', `"${split}" was frozen before`);
  const members = await membersOf(ledger, event);
  if (members.length !== tasks)
    throw refuted(event, 'content', `"${split}" holds ${members.length} tasks, not ${tasks}`);
  const wanted = new Set(members);
  const inOrder = suite.tasks.map(({ view }) => view.id).filter((id) => wanted.has(id));
  if (canonicalJson(inOrder) !== canonicalJson(members))
    throw refuted(event, 'content', `"${split}" is not a list of tasks of the suite in its order`);
  for (const [other, taken] of others) {
    const both = taken.find((id) => wanted.has(id));
    if (both !== undefined)
      throw refuted(event, 'content', `the task "${both}" is in "${other}" as well; splits are disjoint`);
  }
  const plan = planOf(suite, seed);
  if (plan === null || !Object.hasOwn(plan.parts, split))
    throw new Inconclusive(
      `how the split "${split}" was drawn: no plan of this build has the seed "${seed}"`,
    );
  const drawn = plan.parts[split as keyof Splits['parts']];
  if (canonicalJson(drawn) !== canonicalJson(members))
    throw refuted(event, 'content', `the seed "${seed}" draws other tasks as "${split}"`);
  return members;
}

/** Null where the plan does not fit the suite, which is then split otherwise or not at all. */
function planOf(suite: Suite, seed: string): Splits | null {
  try {
    return splitsOfSeed(suite, seed);
  } catch (error) {
    if (isPawlError(error, 'SPLIT_INVALID')) return null;
    throw error;
  }
}

async function membersOf(ledger: Ledger, event: Frozen): Promise<readonly string[]> {
  const text = await ledger.getText(event.data.members.digest);
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    throw refuted(event, 'content', 'its members are no list of tasks');
  }
}
