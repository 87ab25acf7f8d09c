import type { Digest } from '../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import {
  newestCheckpoint,
  readVerifierKeys,
  type SignedCheckpoint,
} from '../../ledger/audit/signed-checkpoints.ts';
import { StoreTree } from '../../ledger/audit/store-tree.ts';
import { rootFromSubset, subsetProof } from '../../ledger/audit/subset-proof.ts';
import { readErasures } from '../../ledger/erasures.ts';
import type { EventStore } from '../../ledger/event-store.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { reportVersion } from '../report/report-version.ts';
import type { Bundle, BundleBlob } from './bundle.ts';
import { type BundleHeader, bundleFormat } from './bundle-format.ts';
import { type Redactable, redactable, redactableOfRuns, withQuotes } from './redaction.ts';
import { type BundleScope, type SelectedBlob, type Selection, selectRecords } from './select-records.ts';

/** What a bundle shall leave out, and who makes it. */
export interface MakeBundleOptions {
  /** Kinds of blobs to withhold; those that quote them are withheld with them. */
  readonly redact: readonly Redactable[];
  /** Version of Pawl that makes the bundle. */
  readonly pawl: string;
}

/** A bundle and what it could not take in. */
export interface MadeBundle {
  readonly bundle: Bundle;
  /** Records of the run and its episodes, or of the line, that came after the checkpoint, and are not in the bundle. */
  readonly later: number;
}

/**
 * Gathers a bundle from a ledger: the records, where each blob stands, and the proof of all records against the newest signed
 * checkpoint (against the head where nobody signs the ledger). The ledger is only read, and the same ledger, scope and options
 * give the same bundle. Blobs are read when the bundle is written.
 *
 * @throws PawlError `RUN_NOT_FOUND`; `PROPOSAL_NOT_FOUND`; `BLOB_NOT_FOUND` or `LEDGER_CORRUPT` for a ledger that does not
 * verify; `CHECKPOINT_INVALID`
 */
export async function makeBundle(
  ledger: Ledger,
  scope: BundleScope,
  options: MakeBundleOptions,
): Promise<MadeBundle> {
  const { store } = ledger;
  const signed = await signedCheckpoint(ledger);
  const size = signed?.checkpoint.size ?? (await store.head()).size;
  const { records, streams, work, uses } = await selectRecords(store, scope, size);
  const leaves = new Map(records.map(({ position, leaf }) => [position, leaf]));
  const proof = await subsetProof(await StoreTree.read(store, size), leaves.keys(), size);
  const root = rootFromSubset(leaves, proof, size);
  mustBeSigned(signed, root);
  const asked = withQuotes(options.redact);
  const kinds = 'proposal' in scope ? redactable : redactableOfRuns;
  const redacted = kinds.filter((kind) => asked.includes(kind));
  const blobs = await standings(ledger, uses, redacted);
  const header: BundleHeader = {
    line: 'bundle',
    format: bundleFormat,
    report: reportVersion,
    pawl: options.pawl,
    ...scope,
    size,
    root: Buffer.from(root).toString('hex') as Digest,
    checkpoint: signed && { note: signed.note, verifierKey: signed.verifierKey },
    redacted: [...redacted],
    streams: [...streams],
    records: records.length,
    blobs: blobs.size,
  };
  const bundle = { header, records, blobs, load: (digest: Digest) => store.getBlob(digest), proof };
  return { bundle, later: await laterRecords(store, work, streams) };
}

/** Null for a ledger that nobody signs, or that nobody has signed yet. */
async function signedCheckpoint(ledger: Ledger): Promise<SignedCheckpoint | null> {
  if ((await readVerifierKeys(ledger)).length === 0) return null;
  try {
    return await newestCheckpoint(ledger, () => true, 'The ledger has no checkpoint yet.');
  } catch (error) {
    if (isPawlError(error, 'LEDGER_POSITION')) return null;
    throw error;
  }
}

/** What is exported must be what was signed; where it is not, the ledger was altered. */
function mustBeSigned(signed: SignedCheckpoint | null, root: Uint8Array): void {
  if (signed === null || Buffer.compare(signed.checkpoint.root, root) === 0) return;
  const { size } = signed.checkpoint;
  throw new PawlError(
    'LEDGER_CORRUPT',
    `The first ${size} records are not those of the checkpoint that was signed over them. \`pawl verify\` says more.`,
    { context: { size } },
  );
}

async function standings(
  ledger: Ledger,
  uses: Selection['uses'],
  redacted: readonly Redactable[],
): Promise<ReadonlyMap<Digest, BundleBlob>> {
  const blobs = new Map<Digest, BundleBlob>();
  // An erasure that was announced and cut short by a crash counts: those bytes are nobody's to give away.
  const erasures = await readErasures(ledger);
  for (const digest of [...uses.keys()].sort()) {
    const { bytes, kinds, isOutside } = uses.get(digest) as SelectedBlob;
    if (isOutside) {
      blobs.set(digest, { bytes, standing: 'outside' });
      continue;
    }
    const { kind: found } = await ledger.store.blobStanding(digest);
    const kind = erasures.has(digest) ? 'erased' : found;
    if (kind === 'missing') {
      throw new PawlError(
        'BLOB_NOT_FOUND',
        `The ledger lost the blob ${digest}. \`pawl verify\` says more.`,
        {
          context: { digest },
        },
      );
    }
    const withheld = kind === 'stored' && redacted.some((each) => kinds.has(each));
    blobs.set(digest, { bytes, standing: withheld ? 'redacted' : kind });
  }
  return blobs;
}

async function laterRecords(
  store: EventStore,
  work: Selection['work'],
  streams: Selection['streams'],
): Promise<number> {
  const taken = new Map(streams.map(({ name, records }) => [name, records]));
  let later = 0;
  for (const name of work) later += (await store.lastRevision(name)) + 1 - (taken.get(name) ?? 0);
  return later;
}
