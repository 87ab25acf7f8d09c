import type { StreamName } from '../../../src/kernel/brand.ts';
import { messageOf } from '../../../src/kernel/pawl-error.ts';
import { CheckpointSigner } from '../../../src/ledger/audit/checkpoint-signer.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { toyLedger } from '../../support/toy-run.ts';

/**
 * Writes so many decisions into a stream of its own of the ledger named first, in a session that signs, and prints the size of
 * each checkpoint it signed and each failure. Several of these write one ledger.
 */
const [path, label, count] = process.argv.slice(2) as [string, string, string];
const writer = { actor: label, correlation: 'test' };
const pair = signingKeyFromSeed('example.com/ledger', Buffer.alloc(32, 1));
const ledger = toyLedger(await openSqliteStore({ path, mode: 'write' }), label);
const observer = await CheckpointSigner.begin({
  ledger,
  signer: parseSigningKey(pair.signingKey),
  everyRecords: 20,
  writer,
  onSigned: async ({ size }) => console.log(`signed ${size}`),
  onFailure: (error) => console.log(`failed ${messageOf(error)}`),
});
ledger.observe(observer);
const stream = `run-${label}` as StreamName;
for (let index = 0; index < Number(count); index += 1) {
  const data = { episodes: 1, publicPass: 1, hiddenPass: 1, volatile: { wallMs: index } };
  await ledger.append(stream, index - 1, [ledger.draft({ type: 'RunFinished', data }, writer, null)]);
}
await ledger.close();
console.log('closed');
