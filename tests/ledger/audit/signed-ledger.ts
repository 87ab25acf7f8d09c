import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { auditStreams } from '../../../src/ledger/audit/audit-streams.ts';
import type { SigningKeyPair } from '../../../src/ledger/audit/note-key.ts';
import type { SignedCheckpoint } from '../../../src/ledger/audit/signed-checkpoints.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { eventDraft } from '../event-factory.ts';
import { signedAt, toyKey, toyOrigin } from './toy-log.ts';

const writer = { actor: 'test', correlation: 'test' };
const events = 'test-events' as StreamName;

export async function registerKey(ledger: Ledger, key: SigningKeyPair = toyKey): Promise<void> {
  const data = { origin: toyOrigin, verifierKey: key.verifierKey, everyRecords: 1000 };
  const draft = ledger.draft({ type: 'SigningKeyRegistered', data }, writer, null);
  await ledger.append(auditStreams.keys, await ledger.lastRevision(auditStreams.keys), [draft]);
}

/** Real events of the catalogue, in one stream. */
export async function appendEvents(ledger: Ledger, count: number): Promise<void> {
  const last = await ledger.lastRevision(events);
  const drafts = Array.from({ length: count }, (_, index) => eventDraft(last + 1 + index));
  await ledger.append(events, last, drafts);
}

/** Signs all records so far, and records that: the checkpoint stands behind what it covers. */
export async function signNow(ledger: Ledger, key: SigningKeyPair = toyKey): Promise<SignedCheckpoint> {
  const { size } = await ledger.head();
  const signed = await signedAt(ledger.store, size, key);
  const root = Buffer.from(signed.checkpoint.root).toString('hex') as Digest;
  const data = { size, root, note: signed.note };
  const draft = ledger.draft({ type: 'CheckpointSigned', data }, writer, null);
  await ledger.append(auditStreams.checkpoints, await ledger.lastRevision(auditStreams.checkpoints), [draft]);
  return signed;
}
