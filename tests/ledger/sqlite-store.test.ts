import { join } from 'node:path';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { eventStoreContract } from './event-store-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

eventStoreContract('sqlite', () =>
  openSqliteStore({ path: join(temporaryDirectory(), 'ledger.db'), mode: 'write' }),
);
