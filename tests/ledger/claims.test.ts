import { expect, test } from 'vitest';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { toyLedger } from '../support/toy-run.ts';
import { appendEvents } from './audit/signed-ledger.ts';

test.each([
  [
    1,
    'The one record of the checkpoint kept by me is there, and so are its blobs; records cut off behind it',
  ],
  [2, 'All 2 records of the checkpoint kept by me are there, without a gap, and so are their blobs; records'],
])('of a checkpoint of %i is said in words that fit', async (count, words) => {
  const ledger = toyLedger(openMemoryStore(), 'words');
  await appendEvents(ledger, count);
  const { size, root } = await ledger.head();
  const kept = { origin: 'example.com/ledger', size, root, note: null, source: 'kept by me' };
  const report = await verifyLedger(ledger.store, { trust: { checkpoints: [kept], verifierKeys: [] } });
  expect(report.nothingMissing).toMatchObject({ verdict: 'yes', because: expect.stringContaining(words) });
});
