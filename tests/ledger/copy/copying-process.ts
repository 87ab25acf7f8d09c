import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { copyOf } from './original.ts';

/**
 * Copies the ledger named by the first argument to the second, and kills itself when so many things were acknowledged as the
 * third argument says: whatever the writer thread is doing then.
 */
const [from, to, killAt] = process.argv.slice(2) as [string, string, string];
const source = await openSqliteStore({ path: from, mode: 'read' });
const target = await openSqliteStore({ path: to, mode: 'write' });
let acknowledged = 0;
await copyOf(source, target, {
  onProgress: () => {
    acknowledged += 1;
    if (acknowledged === Number(killAt)) process.kill(process.pid, 'SIGKILL');
  },
});
