import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { parseEventstoreAddress } from '../../../src/ledger/stores/eventstore/address.ts';
import { openDbClient } from '../../../src/ledger/stores/eventstore/db-client/open-db-client.ts';
import { startWireServer } from '../../wire/server/wire-server.ts';
import { blob, collect } from '../record-factory.ts';
import { freshPrefix, openOnWire, testTimings } from './ledger-on-wire.ts';

const chunkBytes = 512 * 1024;

test('a long blob is cut into chunks, completed after an interruption, and the same for all who write it', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  const address = `${server.url}&prefix=${freshPrefix()}`;
  const { settings, prefix } = parseEventstoreAddress(address);
  // The second half does not compress, so that it takes an append for each chunk.
  const bytes = Buffer.concat([Buffer.alloc(2 * chunkBytes, 'text '), randomBytes(2 * chunkBytes + 1)]);
  const long = { digest: sha256Hex(bytes), bytes };
  const name = `${prefix}:blob-${long.digest}`;
  const timings = { ...testTimings, callTimeoutMs: 500, patienceMs: 100, openPatienceMs: 50 };
  const interrupted = await openOnWire(address, { timings });
  await server.setFaults([
    { operation: 'append', fault: 'mute', streamPrefix: name, calls: [2, 3, 4, 5, 6, 7, 8] },
  ]);
  await expect(interrupted.putBlobs([long])).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
  await server.setFaults([]);
  await interrupted.close();

  const stores = await Promise.all([openOnWire(address), openOnWire(address), openOnWire(address)]);
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const [first] = stores;
  expect(await first.blobStanding(long.digest)).toEqual({ kind: 'missing' });
  await expect(first.getBlob(long.digest)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
  await Promise.all(stores.map((store) => store.putBlobs([long])));
  expect(Buffer.compare(await first.getBlob(long.digest), bytes)).toBe(0);
  expect(await first.blobStanding(long.digest)).toEqual({ kind: 'stored', bytes: bytes.length });
  expect(await collect(first.blobDigests())).toEqual([long.digest]);
  const bare = await openDbClient(settings);
  onTestFinished(() => bare.dispose());
  const events = await bare.readStream(name, { from: 0, direction: 'forwards', countMax: 10 }, 5_000);
  expect(events.map(({ type }) => type.slice(prefix.length))).toEqual([
    ...Array.from({ length: 5 }, () => '-chunk'),
    '-blob-end',
  ]);
  // Erased, its stream is gone for good, and a mark stays.
  await first.eraseBlob(long.digest);
  await expect(
    bare.readStream(name, { from: 0, direction: 'forwards', countMax: 1 }, 5_000),
  ).rejects.toMatchObject({ kind: 'deleted' });
  await stores[1].putBlobs([long]);
  expect(await stores[1].blobStanding(long.digest)).toEqual({ kind: 'erased', bytes: bytes.length });
});

test('a blob whose stream was changed or deleted by somebody else is named', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  const address = `${server.url}&prefix=${freshPrefix()}`;
  const { settings, prefix } = parseEventstoreAddress(address);
  const store = await openOnWire(address);
  onTestFinished(() => store.close());
  const bare = await openDbClient(settings);
  onTestFinished(() => bare.dispose());
  const [forged, deleted] = [blob('forged'), blob('deleted')];
  const part = (id: number, type: string, data: string, metadata: string) => ({
    id: `a0000000-0000-4000-8000-00000000000${id}`,
    type: `${prefix}-${type}`,
    data: Buffer.from(data),
    metadata: Buffer.from(metadata),
  });
  await bare.append(
    `${prefix}:blob-${forged.digest}`,
    -1,
    [
      part(1, 'chunk', 'FORGED', '{"encoding":"raw","bytes":6}'),
      part(2, 'blob-end', '{"bytes":6,"chunks":1}', '{}'),
    ],
    5_000,
  );
  await expect(store.getBlob(forged.digest)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
  await store.putBlobs([deleted]);
  await bare.tombstone(`${prefix}:blob-${deleted.digest}`, 5_000);
  const other = await openOnWire(address);
  onTestFinished(() => other.close());
  for (const ask of [
    () => other.getBlob(deleted.digest),
    () => other.blobStanding(deleted.digest),
    () => other.putBlobs([deleted]),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'STREAM_TRUNCATED' });
  }
});
