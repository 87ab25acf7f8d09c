import { writeSync } from 'node:fs';
import { seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { eventDraft, executionDraft, realRecords } from './event-factory.ts';
import { blob, stream } from './record-factory.ts';

/**
 * Appends to the ledger named by the first argument until it is killed, from several writers in flight, and prints
 * `stream revision position` for each record once its append is acknowledged. The second argument seeds what it appends.
 */
const [path, seed] = process.argv.slice(2) as [string, string];
const store = await openSqliteStore({ path, mode: 'write' });
const random = seededRandom(seed);
let number = (await store.head()).size * 1000;

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
    const result = await store.append({ stream: name, expectedRevision: last, records, blobs: [content] });
    const lines = result.positions.map((position, at) => `${name} ${last + 1 + at} ${position}\n`);
    // Written at once, so that nothing acknowledged is still in a buffer of ours when the process is killed.
    writeSync(1, lines.join(''));
    last = result.lastRevision;
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: 8 }, (_, index) => appendForever(stream(`writer${index}`))));
