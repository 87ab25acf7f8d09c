import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import type { EventStore, NewBlob, StoredRecord } from '../../src/ledger/event-store.ts';
import {
  allRecords,
  blob,
  collect,
  describeRecord,
  eventId,
  record,
  request,
  stream,
} from './record-factory.ts';

/** What every store must do, with exact values. `open` gives an empty store of its own to each test. */
export function eventStoreContract(name: string, open: () => Promise<EventStore>): void {
  const fresh = async (): Promise<EventStore> => {
    const store = await open();
    onTestFinished(() => store.close());
    return store;
  };

  describe(`${name}: appending`, () => {
    test('numbers positions and revisions from 0 without gaps', async () => {
      const store = await fresh();
      expect(await store.append(request('a', -1, [record(1), record(2)]))).toEqual({
        positions: [0, 1],
        lastRevision: 1,
        repeated: false,
      });
      expect(await store.append(request('b', -1, [record(3)]))).toEqual({
        positions: [2],
        lastRevision: 0,
        repeated: false,
      });
      expect(await store.append(request('a', 1, [record(4)]))).toEqual({
        positions: [3],
        lastRevision: 2,
        repeated: false,
      });
      expect(await allRecords(store)).toEqual([
        '0 test-a/0 record 1',
        '1 test-a/1 record 2',
        '2 test-b/0 record 3',
        '3 test-a/2 record 4',
      ]);
    });

    test('refuses any but the exact revision, and says which one it is', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1), record(2)]));
      for (const expected of [-1, 0, 2, 7]) {
        await expect(store.append(request('a', expected, [record(9)]))).rejects.toMatchObject({
          code: 'WRONG_EXPECTED_REVISION',
          context: { stream: 'test-a', expected, actual: 1 },
        });
      }
      await expect(store.append(request('new', 0, [record(9)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { actual: -1 },
      });
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
      expect(await collect(store.streams(''))).toEqual(['test-a']);
    });

    test('repeats an append with the original positions and writes nothing', async () => {
      const store = await fresh();
      await store.append(request('other', -1, [record(1)]));
      await store.append(request('a', -1, [record(2), record(3)]));
      await store.append(request('a', 1, [record(4)]));
      const head = await store.head();
      const again = { positions: [1, 2], lastRevision: 1, repeated: true };
      expect(await store.append(request('a', -1, [record(2), record(3)]))).toEqual(again);
      expect(await store.append(request('a', 0, [record(3)]))).toEqual({
        positions: [2],
        lastRevision: 1,
        repeated: true,
      });
      // Two appends repeated as one are still exactly these records at exactly this place.
      expect(await store.append(request('a', 0, [record(3), record(4)]))).toEqual({
        positions: [2, 3],
        lastRevision: 2,
        repeated: true,
      });
      expect(await store.head()).toEqual(head);
    });

    test('refuses a known id with other bytes, wherever it is', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1), record(2)]));
      const attempts = [
        request('a', -1, [record(1, 'forged')]),
        request('a', 1, [record(1, 'forged')]),
        request('a', 1, [record(3), record(2, 'forged')]),
        request('b', -1, [record(1, 'forged')]),
        request('b', 5, [record(2, 'forged')]),
      ];
      for (const attempt of attempts) {
        await expect(store.append(attempt)).rejects.toMatchObject({ code: 'EVENT_ID_CONFLICT' });
      }
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
    });

    test('refuses the same bytes at another place', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1)]));
      await expect(store.append(request('a', 0, [record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
        context: { id: eventId(1) },
      });
      await expect(store.append(request('b', -1, [record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
      });
      await expect(store.append(request('a', 3, [record(1)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      await expect(store.append(request('c', -1, [record(2), record(2)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
        context: { id: eventId(2) },
      });
      expect((await store.head()).size).toBe(1);
      expect(await collect(store.streams(''))).toEqual(['test-a']);
    });

    test('refuses a batch of which only a part is stored', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1), record(2)]));
      await expect(store.append(request('a', -1, [record(1), record(2), record(3)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { expected: -1, actual: 1 },
      });
      await expect(store.append(request('a', 1, [record(3), record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
      });
      expect((await store.head()).size).toBe(2);
    });

    test('takes an append without records as a question about the revision', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1)]));
      const kept = blob('kept with nothing');
      expect(await store.append(request('a', 0, [], [kept]))).toEqual({
        positions: [],
        lastRevision: 0,
        repeated: false,
      });
      await expect(store.append(request('a', -1, []))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      await store.append(request('never', -1, []));
      expect(await collect(store.streams(''))).toEqual(['test-a']);
      expect(await store.getBlob(kept.digest)).toEqual(new Uint8Array(kept.bytes));
    });

    test('lets one refused append of a tick leave the others untouched', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(1)]));
      const settled = await Promise.allSettled([
        store.append(request('a', 0, [record(2)])),
        store.append(request('a', 0, [record(3)])),
        store.append(request('b', -1, [record(1, 'forged')])),
        store.append(request('a', 0, [record(2)])),
        store.append(request('b', -1, [record(4), record(5)], [blob('of b')])),
        store.append(request('c', -1, [record(6)], [{ ...blob('x'), bytes: Buffer.from('y') }])),
        store.append(request('b', 1, [record(7)])),
      ]);
      expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))).toEqual([
        { positions: [1], lastRevision: 1, repeated: false },
        'WRONG_EXPECTED_REVISION',
        'EVENT_ID_CONFLICT',
        { positions: [1], lastRevision: 1, repeated: true },
        { positions: [2, 3], lastRevision: 1, repeated: false },
        'BLOB_CORRUPT',
        { positions: [4], lastRevision: 2, repeated: false },
      ]);
      expect(await allRecords(store, 1)).toEqual([
        '1 test-a/1 record 2',
        '2 test-b/0 record 4',
        '3 test-b/1 record 5',
        '4 test-b/2 record 7',
      ]);
    });

    test('lets exactly one of many writers at the same revision win, round after round', async () => {
      const store = await fresh();
      for (let round = 0; round < 20; round += 1) {
        const attempts = Array.from({ length: 50 }, (_, writer) =>
          store.append(request('contested', round - 1, [record(round * 50 + writer)])),
        );
        const settled = await Promise.allSettled(attempts);
        expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const one of settled) {
          if (one.status === 'rejected') expect(one.reason.code).toBe('WRONG_EXPECTED_REVISION');
        }
      }
      expect(await store.lastRevision(stream('contested'))).toBe(19);
      expect((await store.head()).size).toBe(20);
    });

    test('does not keep the caller’s buffers', async () => {
      const store = await fresh();
      const bytes = Buffer.from('as it was');
      const kept = blob('blob as it was');
      const appended = store.append(request('a', -1, [{ id: eventId(1), bytes }], [kept]));
      await appended;
      bytes.fill(0);
      Buffer.from(kept.bytes.buffer, kept.bytes.byteOffset, kept.bytes.length).fill(0);
      expect(await allRecords(store)).toEqual(['0 test-a/0 as it was']);
      expect(Buffer.from(await store.getBlob(kept.digest)).toString()).toBe('blob as it was');
    });

    test('stores records of every length byte for byte', async () => {
      const store = await fresh();
      const lengths = [0, 1, 31, 32, 33, 4095, 4096, 32 * 1024];
      const records = lengths.map((length, index) => ({
        id: eventId(index),
        bytes: Uint8Array.from({ length }, (_, at) => (at * 7 + index) % 256),
      }));
      await store.append(request('a', -1, records));
      const stored = await collect(store.readAll());
      expect(stored.map(({ bytes }) => sha256Hex(bytes))).toEqual(
        records.map(({ bytes }) => sha256Hex(bytes)),
      );
      expect(stored.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    });
  });

  describe(`${name}: reading`, () => {
    test('reads a stream from a revision on, and nothing of an unknown one', async () => {
      const store = await fresh();
      for (let index = 0; index < 6; index += 1) {
        await store.append(
          request(index % 2 === 0 ? 'even' : 'odd', Math.floor(index / 2) - 1, [record(index)]),
        );
      }
      const read = async (name: string, from?: number): Promise<string[]> =>
        (await collect(store.readStream(stream(name), from))).map(describeRecord);
      expect(await read('even')).toEqual([
        '0 test-even/0 record 0',
        '2 test-even/1 record 2',
        '4 test-even/2 record 4',
      ]);
      expect(await read('odd', 1)).toEqual(['3 test-odd/1 record 3', '5 test-odd/2 record 5']);
      expect(await read('odd', 3)).toEqual([]);
      expect(await read('none')).toEqual([]);
      expect(await allRecords(store, 5)).toEqual(['5 test-odd/2 record 5']);
      expect(await allRecords(store, 6)).toEqual([]);
      expect((await collect(store.readTexts(4))).flat()).toEqual(['record 4', 'record 5']);
      expect(await collect(store.readTexts(6))).toEqual([]);
      expect(await store.lastRevision(stream('odd'))).toBe(2);
      expect(await store.lastRevision(stream('none'))).toBe(-1);
    });

    test('reads over many pages, in order and completely', async () => {
      const store = await fresh();
      const count = 1500;
      await Promise.all(
        Array.from({ length: count / 3 }, (_, index) =>
          store.append(
            request(
              'long',
              index * 3 - 1,
              [0, 1, 2].map((at) => record(index * 3 + at)),
            ),
          ),
        ),
      );
      const positions = (await collect(store.readAll())).map(({ position }) => position);
      expect(positions).toEqual(Array.from({ length: count }, (_, index) => index));
      const revisions = (await collect(store.readStream(stream('long'), 10))).map(({ revision }) => revision);
      expect(revisions).toEqual(Array.from({ length: count - 10 }, (_, index) => index + 10));
    });

    test('lists streams by prefix in the order of their first record', async () => {
      const store = await fresh();
      for (const [index, name] of ['b', 'a%', 'a_x', 'c', 'ab'].entries()) {
        await store.append(request(name, -1, [record(index)]));
      }
      await store.append(request('b', 0, [record(9)]));
      expect(await collect(store.streams(''))).toEqual([
        'test-b',
        'test-a%',
        'test-a_x',
        'test-c',
        'test-ab',
      ]);
      expect(await collect(store.streams('test-a'))).toEqual(['test-a%', 'test-a_x', 'test-ab']);
      expect(await collect(store.streams('test-a%'))).toEqual(['test-a%']);
      expect(await collect(store.streams('run-'))).toEqual([]);
    });
  });

  describe(`${name}: following`, () => {
    test('gives what is there, then what comes, each record once', async () => {
      const store = await fresh();
      await store.append(request('a', -1, [record(0), record(1)]));
      const stop = new AbortController();
      const seen: string[] = [];
      const following = (async () => {
        for await (const stored of store.subscribe(1, stop.signal)) {
          seen.push(describeRecord(stored));
          if (stored.position === 600) stop.abort();
        }
      })();
      for (let index = 2; index <= 600; index += 1) {
        const appended = store.append(request('a', index - 1, [record(index)]));
        if (index % 7 === 0) await appended;
      }
      await following;
      expect(seen).toEqual(
        Array.from({ length: 600 }, (_, index) => `${index + 1} test-a/${index + 1} record ${index + 1}`),
      );
    });

    test('ends when aborted, also while it waits', async () => {
      const store = await fresh();
      const stop = new AbortController();
      const next = store.subscribe(0, stop.signal)[Symbol.asyncIterator]().next();
      stop.abort();
      expect(await next).toEqual({ done: true, value: undefined });
      expect(await collect(store.subscribe(0, AbortSignal.abort()))).toEqual([]);
    });

    test('says that the ledger was closed to who was waiting', async () => {
      const store = await open();
      const next = store.subscribe(0, new AbortController().signal)[Symbol.asyncIterator]().next();
      const refused = expect(next).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
      await store.close();
      await refused;
    });
  });

  describe(`${name}: blobs`, () => {
    test('keeps bytes under their digest, whatever they are', async () => {
      const store = await fresh();
      const blobs = ['', 'short', 'long '.repeat(10_000), '\0'.repeat(300)].map(blob);
      await store.putBlobs(blobs);
      await store.append(request('a', -1, [record(1)], [...blobs, blob('with a record')]));
      for (const { digest, bytes } of blobs) {
        expect(sha256Hex(await store.getBlob(digest))).toBe(sha256Hex(bytes));
      }
      const digests = [...blobs, blob('with a record')].map(({ digest }) => digest).sort();
      expect(await collect(store.blobDigests())).toEqual(digests);
    });

    test('refuses an unknown digest, and bytes under a false one', async () => {
      const store = await fresh();
      await expect(store.getBlob(blob('nowhere').digest)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
      const forged = { digest: blob('one').digest, bytes: Buffer.from('two') };
      await expect(store.putBlobs([blob('fine'), forged])).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('does not store the blobs of a refused append', async () => {
      const store = await fresh();
      await expect(store.append(request('a', 4, [record(1)], [blob('lost')]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('tells what is stored from what never came, with its raw length', async () => {
      const store = await fresh();
      const long = blob('long '.repeat(10_000));
      await store.putBlobs([long, blob('')]);
      expect(await store.blobStanding(long.digest)).toEqual({ kind: 'stored', bytes: 50_000 });
      expect(await store.blobStanding(blob('').digest)).toEqual({ kind: 'stored', bytes: 0 });
      expect(await store.blobStanding(blob('nowhere').digest)).toEqual({ kind: 'missing' });
    });
  });

  describe(`${name}: erasing`, () => {
    const secrets = ['', '\0'.repeat(40), 'short secret', 'a long secret '.repeat(5000)].map(blob);

    test('leaves the digest and its length, and nothing else', async () => {
      const store = await fresh();
      const kept = blob('kept');
      await store.append(request('a', -1, [record(1)], [kept, ...secrets]));
      const head = await store.head();
      for (const { digest, bytes } of secrets) {
        await store.eraseBlob(digest);
        await expect(store.getBlob(digest)).rejects.toMatchObject({
          code: 'BLOB_ERASED',
          context: { digest },
        });
        expect(await store.blobStanding(digest)).toEqual({ kind: 'erased', bytes: bytes.length });
      }
      expect(await collect(store.blobDigests())).toEqual([kept.digest]);
      expect(Buffer.from(await store.getBlob(kept.digest)).toString()).toBe('kept');
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1']);
      expect(await store.head()).toEqual(head);
    });

    test('may be repeated, and takes what was sent before it', async () => {
      const store = await fresh();
      const [, , short, long] = secrets as [NewBlob, NewBlob, NewBlob, NewBlob];
      const put = store.putBlobs([short, long]);
      await Promise.all([store.eraseBlob(short.digest), store.eraseBlob(long.digest), put]);
      await store.eraseBlob(short.digest);
      expect(await store.blobStanding(short.digest)).toEqual({ kind: 'erased', bytes: 12 });
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('is for good: the same bytes are not stored again, and their records are', async () => {
      const store = await fresh();
      await store.putBlobs(secrets);
      for (const { digest } of secrets) await store.eraseBlob(digest);
      await store.putBlobs(secrets);
      await store.append(request('a', -1, [record(1)], [...secrets, blob('new')]));
      expect(await collect(store.blobDigests())).toEqual([blob('new').digest]);
      for (const { digest } of secrets) {
        await expect(store.getBlob(digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
      }
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1']);
    });

    test('refuses what was never stored, and marks nothing', async () => {
      const store = await fresh();
      const { digest } = blob('never came');
      await expect(store.eraseBlob(digest)).rejects.toMatchObject({
        code: 'BLOB_NOT_FOUND',
        context: { digest },
      });
      await store.putBlobs([blob('never came')]);
      expect(await store.blobStanding(digest)).toEqual({ kind: 'stored', bytes: 10 });
    });
  });

  describe(`${name}: evidence`, () => {
    test('reads leaves alone, from a position on, over many pages', async () => {
      const store = await fresh();
      const count = 9000;
      const records = Array.from({ length: count }, (_, index) => record(index));
      await store.append(request('a', -1, records));
      const leaves = async (from?: number): Promise<string[]> =>
        (await collect(store.readLeaves(from))).flat().map((leaf) => Buffer.from(leaf).toString('hex'));
      const expected = records.map(({ bytes }) => Buffer.from(leafHash(bytes)).toString('hex'));
      expect(await leaves()).toEqual(expected);
      expect(await leaves(count - 3)).toEqual(expected.slice(-3));
      expect(await leaves(count)).toEqual([]);
    });

    test('gives every record its RFC 6962 leaf and the tree its root', async () => {
      const store = await fresh();
      const empty = await store.head();
      expect({ ...empty, roots: [...empty.roots] }).toEqual({
        size: 0,
        root: Buffer.from(sha256Hex(''), 'hex'),
        roots: [],
      });
      const tree = new TreeFrontier();
      for (let index = 0; index < 40; index += 1) {
        await store.append(request(`s${index % 5}`, Math.floor(index / 5) - 1, [record(index)]));
        tree.append(leafHash(record(index).bytes));
        const head = await store.head();
        expect([head.size, Buffer.from(head.root).toString('hex')]).toEqual([
          index + 1,
          Buffer.from(tree.root()).toString('hex'),
        ]);
      }
      const leaves = (await collect(store.readAll())).map((stored: StoredRecord) => Buffer.from(stored.leaf));
      expect(leaves).toEqual(
        Array.from({ length: 40 }, (_, index) => Buffer.from(leafHash(record(index).bytes))),
      );
    });
  });

  describe(`${name}: closing`, () => {
    test('waits for appends under way, twice if asked twice', async () => {
      const store = await open();
      const appended = store.append(request('a', -1, [record(1)]));
      await Promise.all([store.close(), store.close()]);
      expect(await appended).toEqual({ positions: [0], lastRevision: 0, repeated: false });
      await store.close();
    });

    test('refuses everything afterwards', async () => {
      const store = await open();
      await store.append(request('a', -1, [record(1)]));
      await store.close();
      const closed = { code: 'LEDGER_CLOSED' };
      await expect(store.append(request('a', 0, [record(2)]))).rejects.toMatchObject(closed);
      await expect(store.putBlobs([])).rejects.toMatchObject(closed);
      await expect(store.getBlob(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(store.blobStanding(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(store.eraseBlob(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(collect(store.readLeaves())).rejects.toMatchObject(closed);
      await expect(store.head()).rejects.toMatchObject(closed);
      await expect(store.lastRevision(stream('a'))).rejects.toMatchObject(closed);
      await expect(collect(store.readAll())).rejects.toMatchObject(closed);
      await expect(collect(store.readStream(stream('a')))).rejects.toMatchObject(closed);
      await expect(collect(store.streams(''))).rejects.toMatchObject(closed);
      await expect(collect(store.blobDigests())).rejects.toMatchObject(closed);
    });
  });
}
