import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';

/**
 * Erases one blob after another of the ledger named by the first argument until it is killed or done, and prints each digest
 * once its erasure has resolved.
 */
const [path] = process.argv.slice(2) as [string];
const store = await openSqliteStore({ path, mode: 'write' });
writeSync(1, 'ready\n');
for (const digest of await Array.fromAsync(store.blobDigests())) {
  await store.eraseBlob(digest);
  writeSync(1, `${digest}\n`);
}
await store.close();
