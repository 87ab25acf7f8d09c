import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openStore } from '../../../src/ledger/open-store.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { realServer, testLedger } from '../../wire/test-ledger.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { contentOf, copyOf, original } from './original.ts';

async function opened(address: string): Promise<EventStore> {
  const store = await openStore(address, {
    mode: 'write',
    create: true,
    cacheDirectory: temporaryDirectory(),
  });
  onTestFinished(() => store.close());
  return store;
}

test('a ledger is copied to a server and from there into a file, and is the same three times', async () => {
  const source = await original(60);
  const content = await contentOf(source);
  const { address } = await testLedger();
  const there = await opened(address);
  expect(await copyOf(source, there, { clock: systemClock })).toMatchObject({ finished: true });
  expect(await contentOf(there)).toEqual(content);
  expect(await verifyLedger(there, { deep: true })).toMatchObject({ ok: true, problems: [] });
  const back = await openSqliteStore({ path: join(temporaryDirectory(), 'back.db'), mode: 'write' });
  onTestFinished(() => back.close());
  await copyOf(there, back);
  expect(await contentOf(back)).toEqual(content);
});

test.skipIf(realServer !== null)(
  'a connection that breaks again and again while records are under way loses, doubles and reorders nothing',
  async () => {
    const source = await original(300);
    const content = await contentOf(source);
    const { address, server } = await testLedger();
    const target = await opened(address);
    let told = 0;
    let cuts = 0;
    const onProgress = ({ records }: { readonly records: number }): void => {
      told += 1;
      if (records === 0 || told % 40 !== 0) return;
      cuts += 1;
      void server?.cutConnections();
    };
    const report = await copyOf(source, target, { clock: systemClock, onProgress });
    expect(report.finished).toBe(true);
    expect(cuts).toBeGreaterThan(3);
    expect(await contentOf(target)).toEqual(content);
  },
);
