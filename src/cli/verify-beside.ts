import { projections } from '../../projections/catalogue.ts';
import { messageOf } from '../kernel/pawl-error.ts';
import { firstDifference } from '../ledger/audit/first-difference.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { checkSnapshots } from '../ledger/snapshots/check-snapshots.ts';
import type { ProblemList } from '../ledger/verify/problem.ts';

/** What lies beside a ledger and says something about it: snapshots of projections, and tiles when they are named. */
export async function verifyBeside(
  ledger: Ledger,
  tiles: { readonly directory: string; readonly verifierKeys: readonly string[] } | null,
  problems: ProblemList,
): Promise<void> {
  try {
    for (const { message } of await checkSnapshots(ledger, projections)) {
      problems.at(null, 'SNAPSHOT_DIFFERS', message);
    }
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The snapshots cannot be compared: ${messageOf(error)}`);
  }
  if (tiles === null) return;
  const { directory, verifierKeys } = tiles;
  try {
    const { difference } = await firstDifference(ledger.store, directory, verifierKeys);
    if (difference !== null) problems.at(difference.position, 'TILES_DIFFER', difference.message);
  } catch (error) {
    problems.at(null, 'TILES_DIFFER', `${directory} cannot be compared: ${messageOf(error)}`);
  }
}
