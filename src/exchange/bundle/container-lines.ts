import type { Digest } from '../../kernel/brand.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { base64 } from '../../ledger/audit/base64.ts';
import type { Bundle, BundleBlob } from './bundle.ts';
import { type BlobLine, proofHashesMax } from './bundle-format.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Called about every thousand lines. */
export type ContainerProgress = (done: { readonly records: number; readonly blobs: number }) => void;

const progressLines = 1000;

/**
 * The container of a bundle line by line, each canonical JSON: the header, the records by position, the blobs by digest, the
 * proof. One blob at a time is in memory.
 *
 * @throws PawlError `LEDGER_CORRUPT` for a record that is not UTF-8, and those of `EventStore.getBlob`
 */
export async function* containerLines(
  bundle: Bundle,
  onProgress: ContainerProgress = () => undefined,
): AsyncGenerator<string> {
  const { header, records, blobs, proof } = bundle;
  yield canonicalJson(header);
  for (const [index, { position, bytes }] of records.entries()) {
    yield canonicalJson({ line: 'record', position, text: recordText(position, bytes) });
    if ((index + 1) % progressLines === 0) onProgress({ records: index + 1, blobs: 0 });
  }
  let count = 0;
  for (const [digest, blob] of blobs) {
    yield canonicalJson(await blobLine(bundle, digest, blob));
    count += 1;
    if (count % progressLines === 0) onProgress({ records: records.length, blobs: count });
  }
  for (let from = 0; from < proof.length; from += proofHashesMax) {
    yield canonicalJson({ line: 'proof', hashes: proof.slice(from, from + proofHashesMax).map(base64) });
  }
}

function recordText(position: number, bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text !== null) return text;
  throw new PawlError('LEDGER_CORRUPT', `The record at position ${position} is not UTF-8.`, {
    context: { position },
  });
}

async function blobLine(
  { load }: Bundle,
  digest: Digest,
  { bytes, standing }: BundleBlob,
): Promise<BlobLine> {
  const head = { line: 'blob' as const, digest, bytes };
  if (standing !== 'stored') return { ...head, withheld: standing };
  const content = await load(digest);
  const text = decoded(content);
  return text === null ? { ...head, base64: base64(content) } : { ...head, text };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
