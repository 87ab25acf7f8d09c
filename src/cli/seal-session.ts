import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import type { RememberedCheckpoint } from '../ledger/audit/checkpoint-memory.ts';
import { CheckpointSigner } from '../ledger/audit/checkpoint-signer.ts';
import { continues } from '../ledger/audit/continues.ts';
import type { NoteSigner } from '../ledger/audit/signed-note.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import { type LedgerMemory, ledgerMemory } from './ledger-memory.ts';
import { findSigningKey } from './signing-key-file.ts';

export interface Registration {
  readonly origin: string;
  readonly verifierKey: string;
  readonly everyRecords: number;
}

/** What a session that writes needs to know for its seals. */
export interface SealContext {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  /** True when this process made the ledger. */
  readonly isNew: boolean;
  /** News that is not a result. */
  readonly note: (text: string) => void;
}

/**
 * From now on checkpoints are signed while this ledger is written, and remembered outside of it. A ledger without a key only has
 * its last head remembered. `PAWL_UNSIGNED=1` leaves the signatures out.
 *
 * @throws PawlError `SIGNING_KEY_NOT_FOUND`, `SIGNING_KEY_EXPOSED`, `SIGNING_KEY_INVALID`; `INTEGRITY` rather than to sign a
 * history that does not continue the one that was signed before
 */
export async function sealSession(context: SealContext): Promise<void> {
  const { ledger, note } = context;
  if (ledger.address === 'memory:') return;
  const registrations = await readRegistrations(ledger);
  const current = registrations.at(-1);
  const unsigned = (process.env['PAWL_UNSIGNED'] ?? '') !== '';
  if (current !== undefined && unsigned) {
    note('PAWL_UNSIGNED is set: what this session writes is not covered by a signed checkpoint.');
  }
  const origins = registrations.map(({ origin }) => origin);
  const memory = await memoryOf(context, origins);
  const broken = await firstBroken(ledger, memory);
  if (current === undefined || unsigned) {
    if (broken !== null) note(`${brokenText(broken)} \`pawl verify\` says more.`);
    else ledger.observe({ appended: () => undefined, closing: () => rememberHead(context, memory) });
    return;
  }
  const signer = await findSigningKey(current.origin, current.verifierKey);
  if (broken !== null) throw wouldVouchForTwo(broken);
  await signFromNowOn(context, memory, current, signer);
}

/** As `sealSession`, with a key that is at hand. */
export async function signFromNowOn(
  { ledger, writer, note }: SealContext,
  memory: LedgerMemory | null,
  { everyRecords }: Registration,
  signer: NoteSigner,
): Promise<void> {
  let told = false;
  const observer = await CheckpointSigner.begin({
    ledger,
    signer,
    everyRecords,
    writer,
    onSigned: async (head) => {
      try {
        await memory?.remember(head);
      } catch (error) {
        if (!told) note(`The checkpoint could not be remembered: ${messageOf(error)}`);
        told = true;
      }
    },
    onFailure: (error) => note(`A checkpoint could not be signed: ${messageOf(error)}`),
  });
  ledger.observe(observer);
}

/**
 * For whoever is about to sign: that the ledger continues what was signed or seen of it before.
 *
 * @throws PawlError `INTEGRITY`
 */
export async function mustContinue(ledger: Ledger, memory: LedgerMemory | null): Promise<void> {
  const broken = await firstBroken(ledger, memory);
  if (broken !== null) throw wouldVouchForTwo(broken);
}

function wouldVouchForTwo(broken: RememberedCheckpoint): PawlError {
  return new PawlError(
    'INTEGRITY',
    `${brokenText(broken)} Signing it would vouch for two histories. \`pawl verify\` says more; PAWL_UNSIGNED=1 writes without signing.`,
    { context: { origin: broken.origin, size: broken.size } },
  );
}

export async function readRegistrations(ledger: Ledger): Promise<readonly Registration[]> {
  const registrations: Registration[] = [];
  for await (const event of ledger.readStream(auditStreams.keys)) {
    if (event.type === 'SigningKeyRegistered') registrations.push(event.data);
  }
  return registrations;
}

/** Without a memory everything still works, but for what only a memory can tell. */
export async function memoryOf(
  { ledger, isNew, note }: Pick<SealContext, 'ledger' | 'isNew' | 'note'>,
  origins: readonly string[],
): Promise<LedgerMemory | null> {
  try {
    return await ledgerMemory(ledger.address, origins, isNew);
  } catch (error) {
    note(`What was remembered of this ledger cannot be read: ${messageOf(error)}`);
    return null;
  }
}

async function firstBroken(
  { store }: Ledger,
  memory: LedgerMemory | null,
): Promise<RememberedCheckpoint | null> {
  for (const checkpoint of memory?.remembered ?? []) {
    if (!(await continues(store, checkpoint))) return checkpoint;
  }
  return null;
}

function brokenText({ size, origin, path }: RememberedCheckpoint): string {
  return `This ledger does not continue the one of which ${size} records were remembered as "${origin}". If you put another or an older one there yourself, remove ${path}.`;
}

async function rememberHead({ ledger, note }: SealContext, memory: LedgerMemory | null): Promise<void> {
  try {
    const head = await ledger.head();
    if (head.size > 0) await memory?.remember({ ...head, note: null });
  } catch (error) {
    note(`The state of the ledger could not be remembered: ${messageOf(error)}`);
  }
}
