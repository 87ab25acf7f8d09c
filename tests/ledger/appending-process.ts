import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { printAtOnce } from '../support/print-at-once.ts';
import { eventDraft, executionDraft, realRecords } from './event-factory.ts';
import { blob, stream } from './record-factory.ts';

/**
 * Appends to the ledger named by the first argument until it is killed, from several writers in flight, and prints
 * `stream revision position id` for each record once its append is acknowledged. The second argument seeds what it appends, the
 * third (default 0) is the number of the process among several that write the same ledger: each has streams of its own, and all
 * compete for two more.
 */
const [path, seed, processNumber = '0'] = process.argv.slice(2) as [string, string, string?];
const store = await openSqliteStore({ path, mode: 'write' });
const random = seededRandom(seed);
/** Ids of different processes, and of one that was killed and its successor, differ. */
let number = Number(processNumber) * 1e12 + (await store.head()).size * 1000;

async function appendForever(name: ReturnType<typeof stream>): Promise<void> {
  for (let last = await store.lastRevision(name); ; ) {
    const content = blob(`${name} ${last} `.repeat(random.int(1, 400)));
    const count = random.int(1, 5);
    const drafts = Array.from({ length: count }, (_, at) => {
      number += 1;
      return at === 0
        ? executionDraft(number, { digest: content.digest, bytes: content.bytes.length })
        : eventDraft(number);
    });
    const records = realRecords(name, last + 1, drafts);
    try {
      const result = await store.append({ stream: name, expectedRevision: last, records, blobs: [content] });
      const lines = result.positions.map((position, at) => {
        return `${name} ${last + 1 + at} ${position} ${records[at]?.id}\n`;
      });
      // Written at once, so that nothing acknowledged is still in a buffer of ours when the process is killed.
      printAtOnce(lines.join(''));
      last = result.lastRevision;
    } catch (error) {
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
      last = Number(error.context['actual']);
    }
  }
}

const own = processNumber === '0' ? 'writer' : `process${processNumber}-`;
const names = Array.from({ length: 8 }, (_, index) => `${own}${index}`);
if (processNumber !== '0') names.push('contested0', 'contested1');
printAtOnce('ready\n');
await Promise.all(names.map((name) => appendForever(stream(name))));
