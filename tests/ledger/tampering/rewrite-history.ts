import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { EventId, StreamName } from '../../../src/kernel/brand.ts';
import { canonicalBytes } from '../../../src/kernel/canonical-json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { signCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import type { NoteSigner } from '../../../src/ledger/audit/signed-note.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';

/** An event as it is written, without what its place gives it. */
export interface Entry {
  id: string;
  type: string;
  stream: string;
  data: JsonObject;
  readonly [member: string]: unknown;
}

/** With which key checkpoints are signed anew; null leaves their notes as they are. */
export type Resign = NoteSigner | null;

/**
 * Writes a whole new ledger file in place of another, by the product's own store: positions, revisions, leaves, tree, head and
 * indexes all fit together. This is what somebody does who has the file, the program and time.
 */
export async function rewriteHistory(
  path: string,
  change: (entries: Entry[]) => readonly Entry[],
  resign: Resign = null,
): Promise<void> {
  const draft = `${path}-rewritten`;
  let keepMarks = false;
  const source = await openSqliteStore({ path, mode: 'read' });
  const target = await openSqliteStore({ path: draft, mode: 'write', create: true });
  try {
    await copyBlobs(source, target);
    const entries: Entry[] = [];
    for await (const { bytes } of source.readAll()) {
      entries.push(JSON.parse(Buffer.from(bytes).toString('utf8')) as Entry);
    }
    const revisions = new Map<string, number>();
    const written = change(entries);
    const appends: Promise<void>[] = [];
    for (const entry of written) {
      // The store keeps the order; only a signature has to wait for what it covers.
      if (resign !== null && entry.type === 'CheckpointSigned') await Promise.all(appends.splice(0));
      appends.push(append(target, entry, revisions, resign));
      if (resign !== null && entry.type === 'CheckpointSigned') await Promise.all(appends.splice(0));
    }
    await Promise.all(appends);
    keepMarks = written.some(({ type }) => type === 'BlobErased');
  } finally {
    await source.close();
    await target.close();
  }
  if (keepMarks) copyMarks(path, draft);
  for (const suffix of ['', '-wal', '-shm', '-snapshots']) rmSync(path + suffix, { force: true });

  renameSync(draft, path);
}

/** What was erased stays erased: its bytes cannot be had back, and an event says where they went. */
function copyMarks(path: string, draft: string): void {
  const db = new DatabaseSync(draft);
  db.exec(`
    ATTACH '${path}' AS source;
    INSERT INTO main.erased SELECT * FROM source.erased;
    INSERT INTO main.blobs (digest, encoding, size, bytes)
      SELECT digest, encoding, size, bytes FROM source.blobs WHERE digest IN (SELECT digest FROM source.erased);
  `);
  db.close();
}

async function copyBlobs(source: EventStore, target: EventStore): Promise<void> {
  for await (const digest of source.blobDigests()) {
    await target.putBlobs([{ digest, bytes: await source.getBlob(digest) }]);
  }
}

async function append(
  target: EventStore,
  entry: Entry,
  revisions: Map<string, number>,
  resign: Resign,
): Promise<void> {
  const revision = (revisions.get(entry.stream) ?? -1) + 1;
  revisions.set(entry.stream, revision);
  const data =
    resign === null || entry.type !== 'CheckpointSigned' ? entry.data : await signed(target, resign);
  const bytes = canonicalBytes({ ...entry, data, revision } as unknown as JsonObject);
  await target.append({
    stream: entry.stream as StreamName,
    expectedRevision: revision - 1,
    records: [{ id: entry.id as EventId, bytes }],
    blobs: [],
  });
}

/** A checkpoint over what has been written so far. */
async function signed(target: EventStore, signer: NoteSigner): Promise<JsonObject> {
  const head = await target.head();
  const note = signCheckpoint({ ...head, origin: signer.name, extensions: [] }, signer);
  return { size: head.size, root: Buffer.from(head.root).toString('hex'), note };
}
