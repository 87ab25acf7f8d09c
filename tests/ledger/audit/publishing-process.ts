import { TilesWriter } from '../../../src/ledger/audit/tiles-writer.ts';
import { signedAt, toyKey, toyStore } from './toy-log.ts';

/**
 * Publishes the toy log at one size after the other, telling each checkpoint that is published, until it is done or killed.
 * Arguments: directory, first size, last size, step.
 */
const [directory = '', first, last, step] = process.argv.slice(2);
const store = await toyStore(Number(last));
const writer = await TilesWriter.open(store, directory);
process.stdout.write('ready\n');
for (let size = Number(first); size <= Number(last); size += Number(step)) {
  const signed = await signedAt(store, size);
  await writer.update({ signed, verifierKeys: [toyKey.verifierKey], sizes: [] }, ({ records }) => {
    process.stdout.write(`writing ${records}\n`);
  });
  process.stdout.write(`published ${size}\n`);
}
