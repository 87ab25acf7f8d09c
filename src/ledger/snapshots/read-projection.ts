import type { Digest } from '../../kernel/brand.ts';
import { isPawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../ledger.ts';
import { foldRange } from './fold-range.ts';
import type { Foldable } from './foldable.ts';
import { leafAt } from './leaf-at.ts';
import { openSnapshots } from './open-snapshots.ts';
import { hashOfPieces, sealOf } from './snapshot-hash.ts';
import type { Piece, SnapshotStore } from './snapshot-store.ts';
import { cutState, joinState } from './state-pieces.ts';
import { usableSnapshot } from './usable-snapshot.ts';

/** Folding fewer records than this takes less than keeping their state. */
const foldedMinDefault = 2000;
/** And no more than this share of the ledger, so that what is folded anew stays small against what is not. */
const foldedShare = 1 / 32;

/**
 * The state of a projection after all records that are durable now. Goes on from the nearest snapshot beside the ledger, and
 * keeps a new one when much was folded since. A snapshot that is not what it says it is, or cannot be read or written, is
 * passed over: the state is always that of a fold from the beginning.
 *
 * @param foldedMin a new snapshot is worth keeping from so many records on
 * @throws PawlError `LEDGER_CORRUPT`, `UNKNOWN_EVENT_TYPE`, and those of reading
 */
export async function readProjection<State>(
  ledger: Ledger,
  projection: Foldable<State>,
  foldedMin = foldedMinDefault,
): Promise<State> {
  const snapshots = openSnapshots(ledger.store);
  try {
    const { size, root } = await ledger.head();
    const from = snapshots === null ? null : await usableSnapshot(ledger.store, snapshots, projection, size);
    const start = from === null ? projection.initialState() : (joinState(from.pieces) as State);
    const state = await foldRange(ledger, projection, start, from?.size ?? 0, size);
    const folded = size - (from?.size ?? 0);
    if (snapshots !== null && folded >= Math.max(foldedMin, size * foldedShare)) {
      await keep(ledger, snapshots, projection, state, size, Buffer.from(root).toString('hex') as Digest);
    }
    return state;
  } finally {
    snapshots?.close();
  }
}

async function keep(
  { store }: Ledger,
  snapshots: SnapshotStore,
  projection: Foldable<unknown>,
  state: unknown,
  size: number,
  root: Digest,
): Promise<void> {
  const leaf = await leafAt(store, size - 1);
  if (leaf === null) return;
  const { name, version } = projection;
  const pieces = piecesOrNull(state);
  if (pieces === null) return;
  const hash = hashOfPieces(projection, pieces);
  const unsealed = { projection: name, version, size, leaf, root, hash, pieces };
  snapshots.write({ ...unsealed, seal: sealOf(unsealed) });
}

/** A projection of somebody else's may hold what has no canonical form; it is folded all the same, and never kept. */
function piecesOrNull(state: unknown): readonly Piece[] | null {
  try {
    return cutState(state);
  } catch (error) {
    if (isPawlError(error, 'NOT_CANONICALIZABLE')) return null;
    throw error;
  }
}
