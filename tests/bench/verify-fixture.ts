import { join } from 'node:path';
import { auditStreams } from '../../src/ledger/audit/audit-streams.ts';
import { CheckpointSigner } from '../../src/ledger/audit/checkpoint-signer.ts';
import { signingKeyFromSeed } from '../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../src/ledger/audit/signed-note.ts';
import { type Ledger, newBlob } from '../../src/ledger/ledger.ts';
import { openBenchLedger, resultText } from './ledger-fixture.ts';

export const everyRecords = 1000;
const writer = { actor: 'pawl', correlation: 'bench' };
const pair = signingKeyFromSeed('example.com/bench', Buffer.alloc(32, 1));
export const benchSigner = parseSigningKey(pair.signingKey);

/** A new ledger that signs a checkpoint every 1,000 records while it is written. */
export async function openSealedLedger(directory: string, name: string): Promise<Ledger> {
  const ledger = await openBenchLedger(join(directory, name));
  const data = { origin: benchSigner.name, verifierKey: benchSigner.verifierKey, everyRecords };
  const event = { type: 'SigningKeyRegistered', data } as const;
  await ledger.append(auditStreams.keys, -1, [ledger.draft(event, writer, null)]);
  await ledger.putBlobs([newBlob(resultText).blob]);
  ledger.observe(
    await CheckpointSigner.begin({
      ...{ ledger, signer: benchSigner, everyRecords, writer },
      onSigned: async () => undefined,
      onFailure: (error) => {
        throw error;
      },
    }),
  );
  return ledger;
}
