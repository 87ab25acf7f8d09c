import { PawlError } from '../../kernel/pawl-error.ts';
import { auditStreams } from '../../ledger/audit/audit-streams.ts';
import { openCheckpoint } from '../../ledger/audit/checkpoint.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** A signed checkpoint of a ledger, and the registered key that it opens with. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly verifierKey: string;
}

/**
 * The checkpoint over the most records, or null where the ledger has none. Its key is looked for among those that the ledger
 * registered, the latest first.
 *
 * @throws PawlError `CHECKPOINT_INVALID` when none of the keys signed it
 */
export async function newestCheckpoint(ledger: Ledger): Promise<SignedCheckpoint | null> {
  let newest: { readonly size: number; readonly note: string } | null = null;
  for await (const event of ledger.readStream(auditStreams.checkpoints)) {
    if (event.type !== 'CheckpointSigned') continue;
    if (newest === null || event.data.size >= newest.size) newest = event.data;
  }
  if (newest === null) return null;
  const keys: { readonly origin: string; readonly verifierKey: string }[] = [];
  for await (const event of ledger.readStream(auditStreams.keys)) {
    if (event.type === 'SigningKeyRegistered') keys.unshift(event.data);
  }
  return opened(newest.note, keys);
}

function opened(
  note: string,
  keys: readonly { readonly origin: string; readonly verifierKey: string }[],
): SignedCheckpoint {
  let failure: unknown = new PawlError(
    'CHECKPOINT_INVALID',
    'The ledger has checkpoints, but registered no key.',
  );
  for (const { origin, verifierKey } of keys) {
    try {
      const { size, root } = openCheckpoint(note, verifierKey, origin);
      return { size, root, note, verifierKey };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
