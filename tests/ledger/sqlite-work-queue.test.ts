import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import type { WorkQueuePlace } from './contract/work/work-queue-place.ts';
import { orderedQueueContract, workQueueContract } from './contract/work-queue-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function sqlitePlace(): Promise<WorkQueuePlace> {
  const ledgerPath = join(temporaryDirectory(), 'ledger.db');
  writeFileSync(ledgerPath, '');
  return {
    async open(clock) {
      const queue = new SqliteWorkQueue(
        { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 },
        clock,
      );
      return { queue, close: async () => queue.close() };
    },
    synced: async () => undefined,
  };
}

workQueueContract('sqlite', sqlitePlace, process.env['PAWL_LONG'] === '1' ? 1000 : 30);
orderedQueueContract('sqlite', sqlitePlace);
