import { realpathSync } from 'node:fs';
import type { EventStore } from '../event-store.ts';
import { openSnapshotFile } from '../stores/sqlite/snapshot-file.ts';
import type { SnapshotStore } from './snapshot-store.ts';

const scheme = 'sqlite:';

/**
 * The snapshots of an open ledger: beside its file, or where its store keeps what it made from it on this machine. Null where
 * there is no such place.
 */
export function openSnapshots(store: Pick<EventStore, 'address' | 'cachePath'>): SnapshotStore | null {
  const { address, cachePath = null } = store;
  const path = address.startsWith(scheme) ? address.slice(scheme.length) : cachePath;
  if (path === null) return null;
  try {
    // Two names of one ledger share its snapshots.
    return openSnapshotFile(realpathSync(path));
  } catch {
    return null;
  }
}
