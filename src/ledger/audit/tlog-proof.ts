import { base64, fromBase64 } from './base64.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { fromDecimal } from './decimal.ts';
import { verifyInclusion } from './inclusion-proof.ts';
import { formatProofText, malformed, parseProofText } from './proof-text.ts';

/** Proof that one record is in a ledger, complete in one text (C2SP tlog-proof). Files of it end in `.tlog-proof`. */
export interface TlogProof {
  /** Position of the record. */
  readonly index: number;
  /** Inclusion proof of RFC 6962 section 2.1.1, from the sibling of the leaf on. */
  readonly hashes: readonly Uint8Array[];
  /** Opaque, not authenticated by anything, not empty; null when there is none. */
  readonly extra: Uint8Array | null;
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

const firstLine = 'c2sp.org/tlog-proof@v1';

/** @throws PawlError `PROOF_INVALID` when the parts do not make a text that can be read again */
export function formatTlogProof({ index, hashes, extra, checkpoint }: TlogProof): string {
  if (extra?.length === 0) throw malformed('has an extra line without data');
  const extraLine = extra === null ? [] : [`extra ${base64(extra)}`];
  return formatProofText({ head: [firstLine, ...extraLine, `index ${index}`], hashes, checkpoint });
}

/**
 * Reads the text strictly; nothing in it is to be believed before it is verified.
 *
 * @throws PawlError `PROOF_INVALID`
 */
export function parseTlogProof(proof: string | Uint8Array): TlogProof {
  const { head, hashes, checkpoint } = parseProofText(proof, (lines) =>
    lines[1]?.startsWith('extra ') === true ? 3 : 2,
  );
  const [first, ...rest] = head;
  const indexLine = rest.pop() ?? '';
  const index = fromDecimal(indexLine.slice('index '.length));
  const extra = rest[0] === undefined ? null : fromBase64(rest[0].slice('extra '.length));
  if (first !== firstLine) throw malformed(`does not begin with "${firstLine}"`);
  if (extra === undefined || extra?.length === 0)
    throw malformed('has an extra line that is not base 64 of data');
  if (!indexLine.startsWith('index ') || index === undefined) throw malformed('has no line "index N"');
  return { index, hashes, extra, checkpoint };
}

/**
 * Checks a proof against a leaf hash and the key of the ledger, and gives what it proves: that the leaf stands at `index` of
 * the ledger that `checkpoint` is of. Errors as for `openCheckpoint`, whose `origin` this takes too.
 *
 * @throws PawlError `PROOF_INVALID`, `CHECKPOINT_INVALID`, `SIGNING_KEY_INVALID`
 */
export function verifyTlogProof(
  proof: string | Uint8Array,
  leaf: Uint8Array,
  verifierKey: string,
  origin?: string,
): { readonly index: number; readonly checkpoint: Checkpoint } {
  const { index, hashes, checkpoint: note } = parseTlogProof(proof);
  const checkpoint = openCheckpoint(note, verifierKey, origin);
  verifyInclusion(leaf, index, checkpoint.size, hashes, checkpoint.root);
  return { index, checkpoint };
}
