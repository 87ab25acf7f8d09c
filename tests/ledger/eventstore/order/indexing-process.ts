import { OrderIndex } from '../../../../src/ledger/stores/eventstore/order/order-index.ts';
import { OrderFile } from '../../../../src/ledger/stores/sqlite/order-file.ts';
import { entryAt } from './index-fixture.ts';

/** Indexes made-up records into a file, from where it ends to a position, and tells how far it is. */
const [path = '', end = '0'] = process.argv.slice(2);
const notes: string[] = [];
const index = new OrderIndex(new OrderFile(path), (note) => notes.push(note));
while (index.size < Number(end)) {
  index.push(entryAt(index.size));
  if (index.size % 1000 === 0) process.stdout.write(`${index.size}\n`);
}
const root = Buffer.from(index.head().root).toString('hex');
const last = index.entries(index.size - 1, 1)[0]?.position;
const first = index.entries(0, 1)[0]?.position;
index.close();
process.stdout.write(`${JSON.stringify({ root, first, last, notes })}\n`);
