import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { auditStreams } from '../../../src/ledger/audit/audit-streams.ts';
import { planCopy } from '../../../src/ledger/copy/copy-ledger.ts';
import { eraseBlob } from '../../../src/ledger/erase-blob.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { toyLedger } from '../../support/toy-run.ts';
import { appendEvents } from '../audit/signed-ledger.ts';
import { blob } from '../record-factory.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  appendExecution,
  appendRounds,
  contentOf,
  copyOf,
  erasedText,
  fillOriginal,
  original,
} from './original.ts';

async function sqlite(): Promise<EventStore> {
  const store = await openSqliteStore({ path: join(temporaryDirectory(), 'ledger.db'), mode: 'write' });
  onTestFinished(() => store.close());
  return store;
}

const kinds = { memory: async () => openMemoryStore(), sqlite };

describe.for([
  ['memory', 'sqlite'],
  ['sqlite', 'memory'],
  ['sqlite', 'sqlite'],
] as const)('a ledger copied from %s to %s', ([from, to]) => {
  test('has the same bytes, places, blobs and tree, and verifies', async () => {
    const [source, target] = [await kinds[from](), await kinds[to]()];
    await fillOriginal(source);
    const report = await copyOf(source, target);
    const content = await contentOf(source);
    expect(await contentOf(target)).toEqual(content);
    expect(report).toMatchObject({ already: 0, finished: true, grownBy: 0, missingBlobs: 0 });
    expect(report.counts).toMatchObject({
      records: content.size,
      blobs: content.standings.length,
      erased: 1,
    });
    expect(content.erased).toEqual({ kind: 'erased', bytes: erasedText.length });
    expect(await verifyLedger(target, { deep: true })).toMatchObject({ ok: true, problems: [] });
  });

  test('and back again is the first one', async () => {
    const [source, there, back] = [await kinds[from](), await kinds[to](), await kinds[from]()];
    await fillOriginal(source);
    await copyOf(source, there);
    await copyOf(there, back);
    expect(await contentOf(back)).toEqual(await contentOf(source));
  });

  test('is nothing to do a second time', async () => {
    const [source, target] = [await kinds[from](), await kinds[to]()];
    await fillOriginal(source);
    await copyOf(source, target);
    const { already, counts, finished, head } = await copyOf(source, target);
    expect([already, finished]).toEqual([head.size, true]);
    expect(counts).toEqual({ records: 0, recordBytes: 0, blobs: 0, blobBytes: 0, erased: 0 });
  });
});

test('an empty ledger is copied to an empty one', async () => {
  const target = await sqlite();
  expect(await copyOf(openMemoryStore(), target)).toMatchObject({ finished: true, already: 0 });
  expect((await target.head()).size).toBe(0);
});

test('a ledger that grew after it was copied is gone on with', async () => {
  const [source, target] = [await original(), await sqlite()];
  const first = await copyOf(source, target);
  await appendRounds(source, 50, 60);
  const second = await copyOf(source, target);
  expect(second.already).toBe(first.head.size);
  expect(second.counts.records).toBe(second.head.size - first.head.size);
  expect(await contentOf(target)).toEqual(await contentOf(source));
});

test('what the original gets while it is copied is left for the next time, and told', async () => {
  const [source, target] = [await original(), await sqlite()];
  const before = await contentOf(source);
  const onBegin = (): void => {
    grown = appendRounds(source, 50, 52);
  };
  let grown = Promise.resolve();
  const { head, grownBy, finished } = await copyOf(source, target, { onBegin });
  await grown;
  const after = await contentOf(source);
  expect([head.size, finished]).toEqual([before.size, true]);
  expect(grownBy).toBe(after.size - before.size);
  expect((await contentOf(target)).records).toEqual(before.records);
  expect(await copyOf(source, target)).toMatchObject({ already: before.size, finished: true, grownBy: 0 });
  expect(await contentOf(target)).toEqual(after);
});

describe('a target that holds anything else is left as it is', () => {
  const refused = async (source: EventStore, target: EventStore, message: RegExp): Promise<void> => {
    const before = await contentOf(target);
    await expect(planCopy(source, target)).rejects.toMatchObject({ code: 'LEDGER_NOT_EMPTY' });
    await expect(copyOf(source, target)).rejects.toMatchObject({
      code: 'LEDGER_NOT_EMPTY',
      message: expect.stringMatching(message),
    });
    expect(await contentOf(target)).toEqual(before);
  };

  test('another ledger', async () => {
    const target = await sqlite();
    await appendEvents(toyLedger(target, 'another'), 3);
    await refused(await original(), target, /holds records, and not those of memory:/);
  });

  test('a copy that was written on in', async () => {
    const [source, target] = [await original(), await sqlite()];
    await copyOf(source, target);
    const { size } = await source.head();
    await appendRounds(source, 50, 60);
    await appendRounds(target, 70, 71);
    await refused(source, target, new RegExp(`its record ${size} is another one`));
  });

  test('a ledger that holds more than the original', async () => {
    const [source, target] = [await original(), await sqlite()];
    await copyOf(source, target);
    const { size } = await source.head();
    await appendExecution(target, 'more', 80_000, 'more');
    await refused(source, target, new RegExp(`holds ${size + 1} records, more than the ${size}`));
  });
});

describe('what was erased', () => {
  test('in the original after it was copied is erased in the copy, too', async () => {
    const [source, target] = [await original(), await sqlite()];
    const secret = await appendExecution(source, 'late', 80_000, 'a late secret');
    await copyOf(source, target);
    expect(await target.blobStanding(secret)).toEqual({ kind: 'stored', bytes: 13 });
    const writer = { actor: 'tester', correlation: 'test' };
    await eraseBlob(toyLedger(source, 'eraser'), secret, 'it was in use', writer);
    expect((await copyOf(source, target)).counts.erased).toBe(1);
    expect(await target.blobStanding(secret)).toEqual({ kind: 'erased', bytes: 13 });
    expect(await contentOf(target)).toEqual(await contentOf(source));
  });

  test('or was to be, when somebody was killed over it, does not travel', async () => {
    const [source, target] = [await original(), await sqlite()];
    const secret = await appendExecution(source, 'late', 80_000, 'a late secret');
    const ledger = toyLedger(source, 'eraser');
    const draft = ledger.draft(
      { type: 'BlobErased', data: { blob: { digest: secret, bytes: 13 }, reason: 'it was in use' } },
      { actor: 'tester', correlation: 'test' },
      null,
    );
    const last = await ledger.lastRevision(auditStreams.erasures);
    await ledger.append(auditStreams.erasures, last, [draft]);
    expect(await source.blobStanding(secret)).toEqual({ kind: 'stored', bytes: 13 });
    await copyOf(source, target);
    expect(await target.blobStanding(secret)).toEqual({ kind: 'erased', bytes: 13 });
    expect(await verifyLedger(target)).toMatchObject({ ok: true, problems: [] });
  });
});

test('a plan says what a copy would do, and changes nothing', async () => {
  const [source, target] = [await original(), await sqlite()];
  const { size, standings } = await contentOf(source);
  expect(await planCopy(source, target)).toMatchObject({ already: 0, blobs: standings.length });
  expect((await target.head()).size).toBe(0);
  await copyOf(source, target);
  await source.putBlobs([blob('one more')]);
  await appendRounds(source, 51, 52);
  expect(await planCopy(source, target)).toMatchObject({ already: size, blobs: 2 });
  expect((await target.head()).size).toBe(size);
});
