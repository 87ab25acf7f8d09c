import { decodeRecord } from '../events/record.ts';
import type { BlobRef } from '../events/shapes.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from './ledger.ts';
import { openSnapshots } from './snapshots/open-snapshots.ts';

/** Where a record stands and what it is. */
export interface RecordPlace {
  readonly position: number;
  readonly stream: StreamName;
  readonly revision: number;
  readonly type: string;
}

/**
 * A text as it may stand in bytes: as it is, and as it is written within JSON, also when that is itself within JSON. What was
 * cut, encoded or translated is not found.
 */
export function spellingsOf(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return [...new Set([text, once, twice])];
}

/** The stored blobs whose bytes hold a text, in the order of their digests. Damaged ones are passed over: `verify` names them. */
export async function* blobsContaining(ledger: Ledger, text: string): AsyncGenerator<BlobRef> {
  const spellings = spellingsOf(text).map((spelling) => Buffer.from(spelling, 'utf8'));
  for await (const digest of ledger.store.blobDigests()) {
    const bytes = await bytesOf(ledger, digest);
    if (bytes !== null && spellings.some((spelling) => bytes.includes(spelling))) {
      yield { digest, bytes: bytes.length };
    }
  }
}

async function bytesOf(ledger: Ledger, digest: Digest): Promise<Buffer | null> {
  try {
    const { buffer, byteOffset, byteLength } = await ledger.getBlob(digest);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (isPawlError(error, 'BLOB_CORRUPT') || isPawlError(error, 'BLOB_ERASED')) return null;
    throw error;
  }
}

export interface RecordsFound {
  /** Which records name each of the digests. */
  readonly references: ReadonlyMap<Digest, readonly RecordPlace[]>;
  /** Which records hold the text themselves. */
  readonly holding: readonly RecordPlace[];
}

const digestPattern = /[0-9a-f]{64}/g;

/** One pass over all records, for the digests of blobs and for a text (null: none). */
export async function searchRecords(
  ledger: Ledger,
  digests: ReadonlySet<Digest>,
  text: string | null,
): Promise<RecordsFound> {
  const references = new Map<Digest, RecordPlace[]>();
  const holding: RecordPlace[] = [];
  const spellings = text === null ? [] : spellingsOf(text);
  let position = 0;
  for await (const texts of ledger.store.readTexts()) {
    for (const record of texts) {
      const named = new Set<string>(digests.size === 0 ? [] : record.match(digestPattern));
      const hits = [...named].filter((digest) => digests.has(digest as Digest)) as Digest[];
      const holds = spellings.some((spelling) => record.includes(spelling));
      if (hits.length > 0 || holds) {
        const place = placeOf(position, record);
        for (const digest of hits) references.set(digest, [...(references.get(digest) ?? []), place]);
        if (holds) holding.push(place);
      }
      position += 1;
    }
  }
  return { references, holding };
}

function placeOf(position: number, record: string): RecordPlace {
  const { stream, revision, type } = decodeRecord(position, record);
  return { position, stream, revision, type };
}

/** Names of the projections whose snapshots beside the ledger hold a text. */
export function snapshotsContaining(ledger: Ledger, text: string): readonly string[] {
  const spellings = spellingsOf(text).map((spelling) => Buffer.from(spelling, 'utf8'));
  const snapshots = openSnapshots(ledger.store);
  if (snapshots === null) return [];
  try {
    const holding = snapshots.heads().filter((head) =>
      snapshots.load(head)?.pieces.some(({ bytes }) => {
        const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        return spellings.some((spelling) => buffer.includes(spelling));
      }),
    );
    return [...new Set(holding.map(({ projection }) => projection))];
  } finally {
    snapshots.close();
  }
}
