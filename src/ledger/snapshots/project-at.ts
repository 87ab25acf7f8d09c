import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../ledger.ts';
import { foldRange } from './fold-range.ts';
import type { Foldable } from './foldable.ts';
import { openSnapshots } from './open-snapshots.ts';
import { joinState } from './state-pieces.ts';
import { usableSnapshot } from './usable-snapshot.ts';

/**
 * Time travel: the state of a projection as it was right after the record at `position` (0-based), whatever has come since.
 * Goes on from the nearest snapshot at or before it.
 *
 * @throws PawlError `LEDGER_POSITION` when the ledger has no such record, and those of reading
 */
export async function projectAt<State>(
  ledger: Ledger,
  projection: Foldable<State>,
  position: number,
): Promise<State> {
  const { size } = await ledger.head();
  if (!Number.isSafeInteger(position) || position < 0 || position >= size)
    throw noSuchPosition(position, size);
  const snapshots = openSnapshots(ledger.store);
  try {
    const to = position + 1;
    const from = snapshots === null ? null : await usableSnapshot(ledger.store, snapshots, projection, to);
    const start = from === null ? projection.initialState() : (joinState(from.pieces) as State);
    return await foldRange(ledger, projection, start, from?.size ?? 0, to);
  } finally {
    snapshots?.close();
  }
}

function noSuchPosition(position: number, size: number): PawlError {
  const reaches = size === 0 ? 'it is empty' : `its records have the positions 0 to ${size - 1}`;
  return new PawlError('LEDGER_POSITION', `The ledger has no position ${position}: ${reaches}.`, {
    context: { position, size },
  });
}
