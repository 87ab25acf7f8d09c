import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readRunState } from '../run-state.ts';
import { readLine } from './improvement-line.ts';
import { itemIds } from './opened-items.ts';

/** Items of a suite that a line of improvement keeps from everybody but its gate. */
export interface ProtectedItems {
  readonly line: StreamName;
  readonly split: string;
  readonly items: ReadonlySet<string>;
}

/**
 * Held-out items of epochs that go on, and sealed items before the end of their final test, of every line of improvement over a
 * suite: whoever runs something on them outside of a gate learns what the exam asks.
 */
export async function protectedItems(ledger: Ledger, suite: Digest): Promise<readonly ProtectedItems[]> {
  const found: ProtectedItems[] = [];
  for await (const line of ledger.streams('improvement-')) {
    const { state } = await readLine(ledger, line);
    if (state.opened?.suite !== suite || state.gate === null) continue;
    const { heldout, sealed } = state.gate.definition.evaluation;
    const isOpen = state.epoch !== null && state.epoch.exhausted === null;
    // Until the final test is finished, and not only until it begins.
    const isSealed = sealed !== null && (state.sealed === null || state.sealed.verdict === null);
    for (const part of [isOpen ? heldout : null, isSealed ? sealed : null]) {
      const items = part === null ? null : await itemIds(ledger, part.items as Digest);
      if (part !== null && items !== null) found.push({ line, split: part.split, items });
    }
  }
  return found;
}

/** @throws PawlError `HELD_OUT_PROTECTED` when one of the tasks is held out or sealed for a gate */
export async function refuseProtected(
  ledger: Ledger,
  suite: Digest,
  tasks: readonly string[],
): Promise<void> {
  for (const { line, split, items } of await protectedItems(ledger, suite)) {
    const hit = tasks.filter((task) => items.has(task));
    if (hit.length === 0) continue;
    throw new PawlError(
      'HELD_OUT_PROTECTED',
      `${hit.length} of these tasks, such as "${hit[0]}", belong to "${split}", which ${line} keeps for its gate: results on them would tell proposers what the exam asks. Run other tasks (--split optimize), or use another ledger (--ledger FILE).`,
      { context: { line, split, tasks: hit.length } },
    );
  }
}

/**
 * For whoever goes on with a run that was begun before, perhaps before some of its tasks were held out.
 *
 * @throws PawlError `HELD_OUT_PROTECTED`, `RUN_NOT_FOUND`
 */
export async function refuseProtectedRun(ledger: Ledger, run: StreamName): Promise<void> {
  const { started, episodes } = await readRunState(ledger, run);
  const tasks = episodes.map(({ task }) => task);
  await refuseProtected(ledger, started.suite, tasks);
}
