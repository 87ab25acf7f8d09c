import type { EventStore } from '../event-store.ts';
import type { Foldable } from './foldable.ts';
import { leafAt } from './leaf-at.ts';
import { hashOfPieces, sealOf } from './snapshot-hash.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';

/**
 * The snapshot nearest to `sizeMax` records, and not beyond, that is what it says it is: of this projection and version, tied
 * to this ledger by the leaf of its last record, and with the bytes that its hash is over. Others that are met on the way are
 * removed.
 */
export async function usableSnapshot(
  store: EventStore,
  snapshots: SnapshotStore,
  { name, version }: Pick<Foldable<unknown>, 'name' | 'version'>,
  sizeMax: number,
): Promise<Snapshot | null> {
  for (const head of snapshots.heads({ projection: name, version })) {
    if (head.size > sizeMax || head.size < 1) continue;
    const snapshot = snapshots.load(head);
    if (snapshot === null) continue;
    const isWhole =
      sealOf(snapshot) === head.seal &&
      hashOfPieces({ name, version }, snapshot.pieces) === head.hash &&
      (await leafAt(store, head.size - 1)) === head.leaf;
    if (isWhole) return snapshot;
    snapshots.remove(head);
  }
  return null;
}
