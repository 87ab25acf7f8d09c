import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Digest, EventId, StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** Items that a line opened, held out or sealed, at one of its events. */
export interface OpenedItems {
  readonly line: StreamName;
  readonly suite: Digest;
  readonly what: 'held-out' | 'sealed';
  readonly revision: number;
  readonly position: number;
  readonly ids: ReadonlySet<string>;
  readonly id: EventId;
  /** Of a branch's copy: the opening that it is a copy of. */
  readonly causation: EventId | null;
}

/**
 * What a line opened, in order, by the ids of the items: a list in another order has another digest, and is the same exam. Lists
 * that are not in the ledger are passed over.
 */
export async function openedItems(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
): Promise<readonly OpenedItems[]> {
  const opened: OpenedItems[] = [];
  let suite: Digest | null = null;
  for (const { type, data, stream: line, revision, position, id, causation } of events) {
    if (type === 'ImprovementOpened') suite = data.suite;
    if ((type !== 'HeldOutOpened' && type !== 'FinalTestOpened') || suite === null) continue;
    const what = type === 'HeldOutOpened' ? 'held-out' : 'sealed';
    const ids = await itemIds(ledger, data.items.digest);
    if (ids !== null) opened.push({ line, suite, what, revision, position, ids, id, causation });
  }
  return opened;
}

/** The ids that a list of items holds; null where it is not in the ledger. */
export async function itemIds(ledger: Ledger, items: Digest): Promise<ReadonlySet<string> | null> {
  const { kind } = await ledger.store.blobStanding(items);
  return kind === 'stored' ? new Set(JSON.parse(await ledger.getText(items)) as string[]) : null;
}

/** The opening that had some of these items before: in its own line any, in another line the sealed test of the same suite. */
export function openedBefore(
  before: readonly OpenedItems[],
  { line, suite, what, ids }: Pick<OpenedItems, 'line' | 'suite' | 'what' | 'ids'>,
): OpenedItems | null {
  const isAnother = (other: OpenedItems): boolean =>
    other.suite === suite && (other.line === line || (what === 'sealed' && other.what === 'sealed'));
  return before.find((other) => isAnother(other) && !other.ids.isDisjointFrom(ids)) ?? null;
}

/**
 * What an opening repeats, as verification finds it: as above, and items that are held out in one line must not have been opened
 * in any other. A branch copies the openings of its parent and may not use them; that is no second opening.
 */
export function openedAgain(before: readonly OpenedItems[], opening: OpenedItems): OpenedItems | null {
  const { line, suite, what, ids, causation } = opening;
  if (before.some((other) => other.id === causation && other.line !== line)) return null;
  if (what === 'sealed') return openedBefore(before, opening);
  return before.find((other) => other.suite === suite && !other.ids.isDisjointFrom(ids)) ?? null;
}

/**
 * The line that was first to test on some of these items of a suite, also where it is done with them: its answers told of them,
 * and alpha that is spent on them again is not bounded by anything. Null where nobody has.
 */
export async function testedBefore(
  ledger: Ledger,
  suite: Digest,
  ids: ReadonlySet<string>,
): Promise<StreamName | null> {
  const opened = await openedInLedger(ledger);
  return opened.find((other) => other.suite === suite && !other.ids.isDisjointFrom(ids))?.line ?? null;
}

/** Everything that the lines of a ledger opened, line by line. */
export async function openedInLedger(ledger: Ledger): Promise<readonly OpenedItems[]> {
  const opened: OpenedItems[] = [];
  for await (const line of ledger.streams('improvement-')) {
    const events = await Array.fromAsync(ledger.readStream(line));
    opened.push(...(await openedItems(ledger, events)));
  }
  return opened;
}
