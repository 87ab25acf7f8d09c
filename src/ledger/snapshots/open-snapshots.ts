import { realpathSync } from 'node:fs';
import { openSnapshotFile } from '../stores/sqlite/snapshot-file.ts';
import type { SnapshotStore } from './snapshot-store.ts';

const scheme = 'sqlite:';

/** The snapshots beside an open ledger, by its address; null where no file could lie beside it. */
export function openSnapshots(address: string): SnapshotStore | null {
  if (!address.startsWith(scheme)) return null;
  try {
    // Two names of one ledger share its snapshots.
    return openSnapshotFile(realpathSync(address.slice(scheme.length)));
  } catch {
    return null;
  }
}
