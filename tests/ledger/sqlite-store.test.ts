import { join } from 'node:path';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { eventStoreContract } from './contract/event-store-contract.ts';
import { severalWritersContract } from './contract/several-writers-contract.ts';
import { wholeViewContract } from './contract/whole-view-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const open = (): Promise<EventStore> =>
  openSqliteStore({ path: join(temporaryDirectory(), 'ledger.db'), mode: 'write' });

eventStoreContract('sqlite', open);
wholeViewContract('sqlite', open);
severalWritersContract('sqlite', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  return () => openSqliteStore({ path, mode: 'write' });
});
