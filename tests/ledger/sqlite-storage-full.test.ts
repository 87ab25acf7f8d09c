import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AppendResult } from '../../src/ledger/event-store.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { eventDraft, realRecords } from './event-factory.ts';
import { blob, collect, record, request, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('a full disk refuses what does not fit, whole, and the store goes on', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const store = await openSqliteStore({ path, mode: 'write', pagesMax: 60 });
  const name = stream('full');
  const acknowledged: AppendResult[] = [];
  let next = 0;
  for (let full = false; !full; ) {
    const records = realRecords(
      name,
      next,
      Array.from({ length: 3 }, (_, at) => eventDraft(next + at)),
    );
    try {
      acknowledged.push(await store.append({ stream: name, expectedRevision: next - 1, records, blobs: [] }));
      next += 3;
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORAGE_FULL' });
      full = true;
    }
  }
  expect(next).toBeGreaterThan(60);
  expect(acknowledged.flatMap(({ positions }) => positions)).toEqual(
    Array.from({ length: next }, (_, at) => at),
  );
  expect((await store.head()).size).toBe(next);
  expect(await store.lastRevision(name)).toBe(next - 1);

  // In one group: what is too large fails alone, what fits is stored, what is wrong is told so.
  const noise = { digest: blob('').digest, bytes: Buffer.from('') };
  const settled = await Promise.allSettled([
    store.append(request('big', -1, [record(1_000_000)], [incompressible(400_000)])),
    store.append(request('small', -1, [], [noise])),
    store.append({ stream: name, expectedRevision: 0, records: [record(1_000_001)], blobs: [] }),
  ]);
  expect(settled.map((one) => (one.status === 'fulfilled' ? 'stored' : one.reason.code))).toEqual([
    'STORAGE_FULL',
    'stored',
    'WRONG_EXPECTED_REVISION',
  ]);
  expect(await collect(store.blobDigests())).toEqual([noise.digest]);
  await store.close();

  // With room again, the ledger is whole and takes what was refused.
  const again = await openSqliteStore({ path, mode: 'write' });
  expect(await verifyLedger(again)).toMatchObject({ ok: true, records: next, streams: 1, blobs: 1 });
  const records = realRecords(name, next, [eventDraft(next)]);
  await again.append({ stream: name, expectedRevision: next - 1, records, blobs: [] });
  expect(await verifyLedger(again)).toMatchObject({ ok: true, records: next + 1 });
  await again.close();
});

function incompressible(bytes: number): ReturnType<typeof blob> {
  let state = 1;
  const text = Buffer.alloc(bytes);
  for (let index = 0; index < bytes; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text[index] = state >>> 23;
  }
  return blob(text.toString('latin1'));
}
