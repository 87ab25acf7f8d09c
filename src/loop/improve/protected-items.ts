import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readLine } from './improvement-line.ts';

/** Items of a suite that a line of improvement keeps from everybody but its gate. */
export interface ProtectedItems {
  readonly line: StreamName;
  readonly split: string;
  readonly items: ReadonlySet<string>;
}

/**
 * Held-out items of epochs that go on, and sealed items that no final test has opened, of every line of improvement over a
 * suite: whoever runs something on them outside of a gate learns what the exam asks.
 */
export async function protectedItems(ledger: Ledger, suite: Digest): Promise<readonly ProtectedItems[]> {
  const found: ProtectedItems[] = [];
  for await (const line of ledger.streams('improvement-')) {
    const { state } = await readLine(ledger, line);
    if (state.opened?.suite !== suite || state.gate === null) continue;
    const { heldout, sealed } = state.gate.definition.evaluation;
    const isOpen = state.epoch !== null && state.epoch.exhausted === null;
    if (isOpen) found.push({ line, split: heldout.split, items: await idsOf(ledger, heldout.items) });
    if (sealed !== null && !state.openedItems.includes(sealed.items)) {
      found.push({ line, split: sealed.split, items: await idsOf(ledger, sealed.items) });
    }
  }
  return found;
}

async function idsOf(ledger: Ledger, items: Digest): Promise<ReadonlySet<string>> {
  return new Set(JSON.parse(await ledger.getText(items)) as string[]);
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
