import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { auditStreams } from '../../src/ledger/audit/audit-streams.ts';
import { eraseBlob } from '../../src/ledger/erase-blob.ts';
import { readErasures } from '../../src/ledger/erasures.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { blobsContaining, searchRecords, spellingsOf } from '../../src/ledger/find-text.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { executionDraft, realRecords } from './event-factory.ts';
import { blob, collect, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const writer = { actor: 'ada', correlation: 'test' };
const secret = blob('the key is sk-live-1234');

const ledgerOf = (store: EventStore): Ledger => {
  const clock = steppingClock(1_760_000_000_000, 1000);
  onTestFinished(() => store.close());
  return new Ledger(store, clock, seededIdSource(clock, seededRandom('erase')));
};

const stores: Readonly<Record<string, () => Promise<EventStore>>> = {
  memory: async () => openMemoryStore(),
  sqlite: () => openSqliteStore({ path: join(temporaryDirectory(), 'ledger.db'), mode: 'write' }),
};

for (const [name, open] of Object.entries(stores)) {
  describe(`erasing a blob from a ledger: ${name}`, () => {
    test('writes down who and why, and then the bytes are gone', async () => {
      const ledger = ledgerOf(await open());
      await ledger.putBlobs([secret]);
      const erasure = { digest: secret.digest, bytes: 23, reason: 'a key in a prompt', revision: 0 };
      expect(await eraseBlob(ledger, secret.digest, 'a key in a prompt', writer)).toEqual({
        ...erasure,
        repeated: false,
      });
      expect(await ledger.store.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: 23 });
      // Again, and with another reason: the first one stays.
      expect(await eraseBlob(ledger, secret.digest, 'to be sure', writer)).toEqual({
        ...erasure,
        repeated: true,
      });
      const events = await collect(ledger.readStream(auditStreams.erasures));
      expect(events.map(({ type, actor, data }) => ({ type, actor, data }))).toEqual([
        {
          type: 'BlobErased',
          actor: 'ada',
          data: { blob: { digest: secret.digest, bytes: 23 }, reason: 'a key in a prompt' },
        },
      ]);
      expect([...(await readErasures(ledger))]).toEqual([
        [
          secret.digest,
          { position: 0, revision: 0, at: events[0]?.at, actor: 'ada', reason: 'a key in a prompt' },
        ],
      ]);
    });

    test('a crash after the announcement is finished by the repetition, and announced once', async () => {
      const store = await open();
      const ledger = ledgerOf(store);
      await ledger.putBlobs([secret]);
      const dying = ledgerOf(
        new Proxy(store, {
          get(target, key) {
            if (key === 'eraseBlob') return () => Promise.reject(new Error('killed'));
            const value = Reflect.get(target, key, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }),
      );
      await expect(eraseBlob(dying, secret.digest, 'a key', writer)).rejects.toThrow('killed');
      expect(await store.blobStanding(secret.digest)).toEqual({ kind: 'stored', bytes: 23 });
      expect(await eraseBlob(ledger, secret.digest, 'once more', writer)).toMatchObject({
        repeated: true,
        reason: 'a key',
      });
      expect(await store.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: 23 });
      expect(await ledger.lastRevision(auditStreams.erasures)).toBe(0);
    });

    test('nothing is written or erased without a blob or without a reason', async () => {
      const ledger = ledgerOf(await open());
      await expect(eraseBlob(ledger, secret.digest, 'why not', writer)).rejects.toMatchObject({
        code: 'BLOB_NOT_FOUND',
      });
      await ledger.putBlobs([secret]);
      for (const reason of ['', 'x'.repeat(1001)]) {
        await expect(eraseBlob(ledger, secret.digest, reason, writer)).rejects.toMatchObject({
          code: 'INVALID_EVENT',
        });
      }
      expect((await ledger.head()).size).toBe(0);
      expect(await ledger.getText(secret.digest)).toBe('the key is sk-live-1234');
    });
  });
}

describe('finding a text', () => {
  const text = 'say "hi"\n\\o/';

  test('as it is and as JSON writes it, in JSON too', async () => {
    const ledger = ledgerOf(openMemoryStore());
    const contents = [
      text,
      JSON.stringify({ stdout: text }),
      JSON.stringify({ body: JSON.stringify({ text }) }),
    ];
    const [inText, inJson, nested] = contents.map((content) => blob(`before ${content} after`));
    const others = [blob('say "hi"'), blob('')];
    await ledger.putBlobs([inText, inJson, nested, ...others].filter((one) => one !== undefined));
    const found = await collect(blobsContaining(ledger, text));
    expect(found.map(({ digest }) => digest).sort()).toEqual(
      [inText, inJson, nested].map((one) => one?.digest).sort(),
    );
    expect(spellingsOf('plain')).toEqual(['plain']);
  });

  test('names the records that refer to a blob and those that hold the text themselves', async () => {
    const ledger = ledgerOf(openMemoryStore());
    const name = stream('a');
    const ref = { digest: secret.digest, bytes: secret.bytes.length };
    const drafts = [executionDraft(0, { digest: blob('x').digest, bytes: 1 }), executionDraft(1, ref)];
    drafts.push({ ...executionDraft(2, ref), actor: 'sk-live-1234' });
    const records = realRecords(name, 0, drafts);
    await ledger.store.append({ stream: name, expectedRevision: -1, records, blobs: [secret] });
    const { references, holding } = await searchRecords(ledger, new Set([secret.digest]), 'sk-live');
    const place = (revision: number) => ({
      position: revision,
      stream: name,
      revision,
      type: 'ExecutionFinished',
    });
    expect([...references]).toEqual([[secret.digest, [place(1), place(2)]]]);
    expect(holding).toEqual([place(2)]);
  });
});
