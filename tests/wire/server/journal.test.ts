import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { decodeEvent } from './decode-event.ts';
import { encodeEvent } from './encode-event.ts';
import { streams } from './protocol.ts';
import { spawnWireServer } from './spawn-wire-server.ts';
import { TOMBSTONE_REVISION } from './stored-event.ts';
import { event, idOf, wireClient } from './wire-client.ts';
import { startWireServer } from './wire-server.ts';

async function idsAt(url: string): Promise<readonly string[]> {
  const client = wireClient(url);
  return vi.waitFor(async () => {
    const ids: string[] = [];
    for await (const { event: one } of client.readAll()) ids.push(one?.id ?? '');
    return ids;
  });
}

test('what was acknowledged is there after `kill -9` of the server, at the same address', async () => {
  const file = join(temporaryDirectory(), 'log');
  const first = await spawnWireServer({ file });
  const client = wireClient(first.url);
  const acknowledged: string[] = [];
  const writing = (async () => {
    for (let number = 0; ; number++) {
      await client.appendToStream('a', event(number), {
        expectedRevision: number === 0 ? 'no_stream' : BigInt(number - 1),
      });
      acknowledged.push(idOf(number));
    }
  })();
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50));
  const failing = expect(writing).rejects.toThrow();
  await first.kill();
  await failing;
  const second = await spawnWireServer({ file, port: first.port });
  onTestFinished(() => second.stop());
  expect(second.url).toBe(first.url);
  const ids = await idsAt(second.url);
  expect(ids.slice(0, acknowledged.length)).toEqual(acknowledged);
  expect(ids.length - acknowledged.length).toBeLessThanOrEqual(1);
});

test('a commit that was torn is dropped whole, and writing goes on behind the last one that was not', async () => {
  const file = join(temporaryDirectory(), 'log');
  const server = await startWireServer({ file });
  onTestFinished(() => server.stop());
  const client = wireClient(server.url);
  await client.appendToStream('a', event(0));
  const size = statSync(file).size;
  await client.appendToStream('a', [event(1), event(2)]);
  await server.goDown();
  truncateSync(file, statSync(file).size - 1);
  await server.comeBack();
  expect(await idsAt(server.url)).toEqual([idOf(0)]);
  expect(statSync(file).size).toBe(size);
  const again = await client.appendToStream('a', [event(1), event(2)], { expectedRevision: 0n });
  expect(again.nextExpectedRevision).toBe(2n);
  await server.goDown();
  appendFileSync(file, Uint8Array.of(9, 0));
  await server.comeBack();
  expect(await idsAt(server.url)).toEqual([0, 1, 2].map(idOf));
});

test('tombstones, metadata and what a scavenge removed are the same after a restart', async () => {
  const server = await startWireServer({ file: join(temporaryDirectory(), 'log') });
  onTestFinished(() => server.stop());
  const client = wireClient(server.url);
  for (const number of [0, 1, 2]) await client.appendToStream('a', event(number));
  await client.setStreamMetadata('a', { truncateBefore: 2 });
  await client.tombstoneStream('b', { expectedRevision: 'no_stream' });
  await server.scavenge();
  const before = await idsAt(server.url);
  await server.restart();
  expect(await idsAt(server.url)).toEqual(before);
  const later = wireClient(server.url);
  await expect(later.appendToStream('b', event(9))).rejects.toMatchObject({ type: 'stream-deleted' });
  expect((await later.appendToStream('a', event(3), { expectedRevision: 2n })).nextExpectedRevision).toBe(3n);
});

test('another data base at the same address is empty, file and all', async () => {
  const file = join(temporaryDirectory(), 'log');
  const server = await startWireServer({ file });
  onTestFinished(() => server.stop());
  await wireClient(server.url).appendToStream('a', event(0));
  await server.recreate();
  expect(await idsAt(server.url)).toEqual([]);
  expect(statSync(file).size).toBe(0);
});

test.each([0, 127, 128, 16_384, 2 ** 40, TOMBSTONE_REVISION])(
  'revision %d is encoded as the shipped classes do it',
  (revision) => {
    const proposed = {
      id: idOf(1),
      type: 'Typ ü',
      json: false,
      data: new Uint8Array(300),
      metadata: new Uint8Array(0),
    };
    const place = {
      position: 2 ** 41 + 5,
      endPosition: 0,
      stream: 'a.ß',
      revision,
      createdMs: 1_700_000_000_123,
    };
    const stored = encodeEvent(proposed, place);
    const response = streams.ReadResp.deserializeBinary(stored.frame);
    expect(Buffer.from(response.serializeBinary()).equals(Buffer.from(stored.frame))).toBe(true);
    const record = response.getEvent()?.getEvent();
    expect(record?.getStreamRevision()).toBe(
      revision === TOMBSTONE_REVISION ? '9223372036854775807' : String(revision),
    );
    expect(record?.getCommitPosition()).toBe(String(place.position));
    expect(response.getEvent()?.getCommitPosition()).toBe(String(place.position));
    expect(record?.getMetadataMap().toObject()).toEqual([
      ['content-type', 'application/octet-stream'],
      ['created', '17000000001230000'],
      ['type', 'Typ ü'],
    ]);
    const decoded = decodeEvent(stored.frame);
    const { id, type } = proposed;
    expect(decoded).toMatchObject({ id, type, position: place.position, stream: 'a.ß', revision });
    expect(Buffer.from(decoded.data).equals(proposed.data)).toBe(true);
  },
);
