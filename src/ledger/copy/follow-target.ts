import { PawlError } from '../../kernel/pawl-error.ts';
import type { TreeFrontier } from '../audit/tree-frontier.ts';
import type { EventStore } from '../event-store.ts';

/**
 * Leads the tree on over all that the target holds beyond it, as long as that is what the source holds: a copy that was begun.
 *
 * @param tree over the records that are known to be the same in both
 * @param sizeMax of the source
 * @throws PawlError `LEDGER_NOT_EMPTY` when the target holds anything else
 */
export async function followTarget(
  source: EventStore,
  target: EventStore,
  tree: TreeFrontier,
  sizeMax: number,
): Promise<void> {
  const { size } = await target.head();
  if (size < tree.size) throw lost(target, size, tree.size);
  if (size === tree.size) return;
  if (size > sizeMax) throw holdsMore(source, target, size, sizeMax);
  const theirs = leavesOf(target, tree.size, size);
  for await (const leaf of leavesOf(source, tree.size, size)) {
    const there = await theirs.next();
    if (there.done === true) throw lost(target, tree.size, size);
    if (Buffer.compare(leaf, there.value) !== 0) throw differs(source, target, tree.size);
    tree.append(leaf);
  }
}

async function* leavesOf(store: EventStore, from: number, to: number): AsyncGenerator<Uint8Array> {
  let next = from;
  for await (const leaves of store.readLeaves(from)) {
    for (const leaf of leaves) {
      if (next === to) return;
      next += 1;
      yield leaf;
    }
  }
}

function differs(source: EventStore, target: EventStore, position: number): PawlError {
  return notEmpty(
    target,
    position,
    position === 0
      ? `${target.address} holds records, and not those of ${source.address}. Nothing was written: copy to a place where no ledger is.`
      : `${target.address} begins like ${source.address}, but its record ${position} is another one: somebody wrote on in it, or it took records in another order than they were sent in. Nothing more was written: copy to a place where no ledger is, and do without this one.`,
  );
}

function holdsMore(source: EventStore, target: EventStore, size: number, sizeMax: number): PawlError {
  return notEmpty(
    target,
    sizeMax,
    `${target.address} holds ${size} records, more than the ${sizeMax} of ${source.address}. Nothing was written: if it is the newer of the two, there is nothing to copy; else copy to a place where no ledger is.`,
  );
}

function notEmpty({ address }: EventStore, position: number, message: string): PawlError {
  return new PawlError('LEDGER_NOT_EMPTY', message, { context: { address, position } });
}

function lost({ address }: EventStore, size: number, expected: number): PawlError {
  return new PawlError(
    'INTEGRITY',
    `${address} holds ${size} records, after it had acknowledged ${expected}. Nothing more was written; do not use it, and copy to another place.`,
    { context: { address, size, expected } },
  );
}
