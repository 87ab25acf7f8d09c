import { PawlError } from '../../kernel/pawl-error.ts';
import type { StoredRecord } from '../event-store.ts';
import type { Ledger } from '../ledger.ts';
import { consistencyProof } from './consistency-proof.ts';
import { formatConsistency, verifyConsistencyText } from './consistency-text.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { newestCheckpoint, type SignedCheckpoint } from './signed-checkpoints.ts';
import { StoreTree } from './store-tree.ts';
import { rootAt } from './subtree-hashes.ts';
import { formatTlogProof, verifyTlogProof } from './tlog-proof.ts';
import { leafHash } from './tree-hash.ts';

export interface ProofFromLedger {
  /** The whole proof as a text, its checkpoint included. */
  readonly text: string;
  readonly signed: SignedCheckpoint;
}

/**
 * A tlog-proof that the record at a position is in the ledger, under the newest checkpoint, or the one of exactly `size`
 * records. It was checked like anybody would before it is given, so an altered ledger gives no proof.
 *
 * @throws PawlError `LEDGER_POSITION` when no such checkpoint covers the record, `SIGNING_KEY_NOT_FOUND`, `PROOF_INVALID`,
 * `CHECKPOINT_INVALID`, and those of the store
 */
export async function proveRecord(
  ledger: Ledger,
  position: number,
  options: { readonly size?: number | undefined; readonly withRecord: boolean },
): Promise<ProofFromLedger & { readonly record: StoredRecord }> {
  const record = await recordAt(ledger, position);
  const signed = await checkpointFor(ledger, position + 1, options.size);
  const { size } = signed.checkpoint;
  const tree = await StoreTree.read(ledger.store, size);
  const hashes = await inclusionProof(tree, position, size);
  const extra = options.withRecord ? record.bytes : null;
  const text = formatTlogProof({ index: position, hashes, extra, checkpoint: signed.note });
  verifyTlogProof(text, leafHash(record.bytes), signed.verifierKey);
  return { text, signed, record };
}

/** Proof that the ledger only grew since it had `oldSize` records. Errors as for `proveRecord`. */
export async function proveConsistency(
  ledger: Ledger,
  oldSize: number,
  size: number | undefined,
): Promise<ProofFromLedger> {
  const signed = await checkpointFor(ledger, oldSize, size);
  const tree = await StoreTree.read(ledger.store, signed.checkpoint.size);
  const hashes = await consistencyProof(tree, oldSize, signed.checkpoint.size);
  const text = formatConsistency({ oldSize, hashes, checkpoint: signed.note });
  const old = { size: oldSize, root: await rootAt(tree, oldSize) };
  verifyConsistencyText(text, old, signed.verifierKey);
  return { text, signed };
}

async function recordAt(ledger: Ledger, position: number): Promise<StoredRecord> {
  for await (const record of ledger.store.readAll(position)) return record;
  const { size } = await ledger.head();
  throw new PawlError(
    'LEDGER_POSITION',
    `There is no record ${position}: the ledger has ${size}, from 0 on.`,
    {
      context: { position, size },
    },
  );
}

function checkpointFor(
  ledger: Ledger,
  atLeast: number,
  exactly: number | undefined,
): Promise<SignedCheckpoint> {
  if (exactly === undefined) {
    const text = `No signed checkpoint covers the first ${atLeast} records yet; \`pawl checkpoint\` prints the newest.`;
    return newestCheckpoint(ledger, (size) => size >= atLeast, text);
  }
  const text = `No checkpoint of exactly ${exactly} records that covers the first ${atLeast} was signed.`;
  return newestCheckpoint(ledger, (size) => size === exactly && size >= atLeast, text);
}
