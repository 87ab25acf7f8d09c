import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { copyOf } from './original.ts';

/** Copies the ledger named by the first argument to the second, and prints a line whenever something is acknowledged. */
const [from, to] = process.argv.slice(2) as [string, string];
const source = await openSqliteStore({ path: from, mode: 'read' });
const target = await openSqliteStore({ path: to, mode: 'write' });
await copyOf(source, target, {
  onProgress: ({ blobs, records }) => writeSync(1, `${blobs} ${records}\n`),
});
await source.close();
await target.close();
writeSync(1, 'done\n');
