import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import { openCheckpoint } from '../../ledger/audit/checkpoint.ts';
import { rootFromSubset } from '../../ledger/audit/subset-proof.ts';
import type { Claim } from '../../ledger/verify/claims.ts';
import type { Trust } from '../../ledger/verify/trust.ts';
import type { Bundle } from './bundle.ts';

/** Two claims that rest on the proof: the records are those of a tree, and somebody signed that tree. */
export interface ProofClaims {
  readonly nothingAltered: Claim;
  readonly signed: Claim;
  /** Whether something speaks against the bundle, and not only too little for it. */
  readonly failed: boolean;
}

/** Holds the records to the root, the root to the checkpoint, and the checkpoint to what is known from outside. */
export function checkProof(bundle: Bundle, trust: Trust): ProofClaims {
  const signature = checkSignature(bundle, trust);
  const altered = alteredBecause(bundle);
  if (altered !== null) {
    return { nothingAltered: { verdict: 'no', because: altered }, signed: signature.claim, failed: true };
  }
  const outside = checkOutside(bundle, trust);
  const nothingAltered = outside ?? alteredClaim(bundle, signature);
  return {
    nothingAltered,
    signed: signature.claim,
    failed: signature.failed || nothingAltered.verdict === 'no',
  };
}

interface Signature {
  readonly claim: Claim;
  readonly failed: boolean;
}

function checkSignature({ header }: Bundle, { verifierKeys }: Trust): Signature {
  const { checkpoint, size } = header;
  if (checkpoint === null) {
    const because = 'Nobody signed the tree that the records stand in.';
    return { claim: { verdict: 'no', because }, failed: verifierKeys.length > 0 };
  }
  const fits = (key: string): string | null => whyNotSigned(header, checkpoint.note, key);
  if (verifierKeys.length === 0) {
    const why = fits(checkpoint.verifierKey);
    if (why !== null) return { claim: { verdict: 'no', because: why }, failed: true };
    const because = `Signed by ${checkpoint.verifierKey}, which came with the bundle: compare it with what its owner publishes, or give it with --verifier-key.`;
    return { claim: { verdict: 'unknown', because }, failed: false };
  }
  const signer = verifierKeys.find((key) => fits(key) === null);
  if (signer === undefined) {
    const because = fits(verifierKeys[0] as string) ?? '';
    return {
      claim: { verdict: 'no', because: `Not signed by the key that was given. ${because}` },
      failed: true,
    };
  }
  const [name = ''] = signer.split('+');
  const because = `"${name}" signed the root over ${size} records with the key that was given.`;
  return { claim: { verdict: 'yes', because }, failed: false };
}

/** Null where the key signed a checkpoint of the tree that the header names. */
function whyNotSigned({ size, root }: Bundle['header'], note: string, verifierKey: string): string | null {
  try {
    const checkpoint = openCheckpoint(note, verifierKey);
    const signedRoot = Buffer.from(checkpoint.root).toString('hex');
    if (checkpoint.size === size && signedRoot === root) return null;
    return `What was signed is a tree of ${checkpoint.size} records with root ${signedRoot}; the bundle is of ${size} records with root ${root}.`;
  } catch (error) {
    if (isPawlError(error)) return error.message;
    throw error;
  }
}

function alteredBecause({ header, records, proof }: Bundle): string | null {
  const leaves = new Map(records.map(({ position, leaf }) => [position, leaf]));
  try {
    const root = Buffer.from(rootFromSubset(leaves, proof, header.size)).toString('hex');
    if (root === header.root) return null;
    return `The records and their proof lead to the root ${root}, not to ${header.root}: a record, its position or the proof was altered.`;
  } catch (error) {
    if (isPawlError(error)) return messageOf(error);
    throw error;
  }
}

/** What a checkpoint kept elsewhere says; null where there is none. */
function checkOutside({ header }: Bundle, { checkpoints }: Trust): Claim | null {
  for (const { size, root, source } of checkpoints) {
    if (size !== header.size) continue;
    const kept = Buffer.from(root).toString('hex');
    if (kept === header.root) {
      const because = `Every record stands in the tree of ${size} records whose root is that of the checkpoint ${source}.`;
      return { verdict: 'yes', because };
    }
    const because = `The checkpoint ${source} has the root ${kept} over ${size} records; the bundle has ${header.root}. The two are of different histories.`;
    return { verdict: 'no', because };
  }
  const [other] = checkpoints;
  if (other === undefined) return null;
  const because = `The checkpoint ${other.source} is over ${other.size} records and the bundle over ${header.size}: whether one grew out of the other takes a consistency proof, which the owner of the ledger makes with \`pawl prove\`.`;
  return { verdict: 'unknown', because };
}

function alteredClaim({ header, records }: Bundle, { claim }: Signature): Claim {
  const stand = `Each of the ${records.length} records stands in the tree of ${header.size} records`;
  if (claim.verdict === 'yes') return { verdict: 'yes', because: `${stand} that was signed.` };
  const because = `${stand} with root ${header.root}, but whoever made the file could have made that tree: no key or checkpoint from outside vouches for it.`;
  return { verdict: 'unknown', because };
}
