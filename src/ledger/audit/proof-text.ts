import { PawlError } from '../../kernel/pawl-error.ts';
import { base64, fromBase64 } from './base64.ts';
import { decodeNoteText } from './note-text.ts';
import { hashBytes } from './tree-hash.ts';

/** What the two text forms of proofs have in common: lines of their own, one hash per line, an empty line, a checkpoint. */
export interface ProofText {
  /** What comes before the hashes, a line each. */
  readonly head: readonly string[];
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim, with whatever signatures it carries. */
  readonly checkpoint: string;
}

/** A tree of 2^63 records needs no more, and the specification of witnesses allows no more. */
const hashesMax = 63;

/** @throws PawlError `PROOF_INVALID` when the parts do not make a text that can be read again */
export function formatProofText({ head, hashes, checkpoint }: ProofText): string {
  if (hashes.length > hashesMax) throw malformed(`has more than ${hashesMax} hashes`);
  return `${[...head, ...hashes.map(base64)].join('\n')}\n\n${checkpoint}`;
}

/**
 * Takes a proof apart; `headLines` says how many of its lines come before the hashes.
 *
 * @throws PawlError `PROOF_INVALID`
 */
export function parseProofText(
  proof: string | Uint8Array,
  headLines: (lines: readonly string[]) => number,
): ProofText {
  const text = decodeNoteText(proof);
  if (text === undefined) throw malformed('is too large, not UTF-8, or has control characters');
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('has no empty line before its checkpoint');
  const lines = text.slice(0, end).split('\n');
  const count = headLines(lines);
  const encoded = lines.slice(count);
  if (encoded.length > hashesMax) throw malformed(`has more than ${hashesMax} hashes`);
  return { head: lines.slice(0, count), hashes: encoded.map(parseHash), checkpoint: text.slice(end + 2) };
}

export function malformed(reason: string): PawlError {
  return new PawlError('PROOF_INVALID', `The proof cannot be read: it ${reason}.`);
}

function parseHash(line: string): Uint8Array {
  const hash = fromBase64(line);
  if (hash?.length !== hashBytes) throw malformed(`has a line that is not base 64 of ${hashBytes} bytes`);
  return hash;
}
