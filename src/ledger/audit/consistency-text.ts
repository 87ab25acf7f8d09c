import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency-proof.ts';
import { fromDecimal } from './decimal.ts';
import { formatProofText, malformed, parseProofText } from './proof-text.ts';

/**
 * Proof that a ledger only grew since an older checkpoint, as one text: the body of an `add-checkpoint` request of the C2SP
 * tlog-witness protocol.
 */
export interface ConsistencyText {
  /** Size of the tree that the reader knows already. */
  readonly oldSize: number;
  /** Consistency proof of RFC 6962 section 2.1.2. */
  readonly hashes: readonly Uint8Array[];
  /** The newer signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

/** @throws PawlError `PROOF_INVALID` when the parts do not make a text that can be read again */
export function formatConsistency({ oldSize, hashes, checkpoint }: ConsistencyText): string {
  return formatProofText({ head: [`old ${oldSize}`], hashes, checkpoint });
}

/**
 * Reads the text strictly; nothing in it is to be believed before it is verified.
 *
 * @throws PawlError `PROOF_INVALID`
 */
export function parseConsistency(proof: string | Uint8Array): ConsistencyText {
  const { head, hashes, checkpoint } = parseProofText(proof, () => 1);
  const [first = ''] = head;
  const oldSize = fromDecimal(first.slice('old '.length));
  if (!first.startsWith('old ') || oldSize === undefined)
    throw malformed('does not begin with a line "old N"');
  return { oldSize, hashes, checkpoint };
}

/**
 * Checks that the ledger of the newer checkpoint begins with the tree of `oldSize` records that `oldRoot` is the root of, and
 * gives that checkpoint. `oldSize` is the reader's own; the text must be about the same.
 *
 * @throws PawlError `PROOF_INVALID`, `CHECKPOINT_INVALID`, `SIGNING_KEY_INVALID`
 */
export function verifyConsistencyText(
  proof: string | Uint8Array,
  old: { readonly size: number; readonly root: Uint8Array },
  verifierKey: string,
  origin?: string,
): Checkpoint {
  const { oldSize, hashes, checkpoint: note } = parseConsistency(proof);
  if (oldSize !== old.size)
    throw malformed(`is about the first ${oldSize} records, not the first ${old.size}`);
  const checkpoint = openCheckpoint(note, verifierKey, origin);
  verifyConsistency(old.size, old.root, checkpoint.size, checkpoint.root, hashes);
  return checkpoint;
}
