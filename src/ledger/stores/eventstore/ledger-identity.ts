import { sha256Bytes } from '../../../kernel/digest.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { eventUuid } from './event-uuid.ts';
import { failedAs } from './ledger-failure.ts';
import type { LogClient, LogEvent, NewLogEvent } from './log-client.ts';
import type { MatchingEvents } from './matching-events.ts';
import { parsedObject } from './parsed-object.ts';
import type { Patience } from './patience.ts';
import type { StreamNames } from './stream-names.ts';

/** Of what is written in the streams of a ledger, as a whole. */
const format = 1;

export interface IdentityParts {
  readonly client: LogClient;
  readonly patience: Patience;
  readonly names: StreamNames;
  readonly prefix: string;
  readonly matching: MatchingEvents;
  /** A new id for a new ledger, unlike any other. */
  readonly newLedgerId: () => string;
}

/**
 * Which ledger a prefix holds: the first event of a stream of its own, written before anything else.
 *
 * @returns the id of the ledger
 * @throws PawlError `LEDGER_NOT_FOUND`, `LEDGER_PREFIX_TAKEN`, `LEDGER_FORMAT_NEWER`; LogFailure
 */
export async function ledgerIdentity(parts: IdentityParts, create: boolean): Promise<string> {
  const known = await readIdentity(parts);
  if (known !== null) return known;
  const { client, prefix, names, patience } = parts;
  if (await isTaken(parts)) {
    // Somebody may have made it between the two questions.
    const late = await readIdentity(parts);
    if (late !== null) return late;
    throw prefixTaken(client.address, prefix, 'hold something, and none says which ledger it is');
  }
  if (!create) {
    throw new PawlError(
      'LEDGER_NOT_FOUND',
      `${client.address} has no ledger with the prefix "${prefix}". Check prefix= in the address; pawl start and pawl run create a ledger.`,
      { context: { address: client.address, prefix } },
    );
  }
  const event = identityEvent(names, parts.newLedgerId());
  try {
    await patience.retry(() => client.append(names.identity, -1, [event], patience.callTimeoutMs));
  } catch (error) {
    // Somebody else was quicker, or an attempt of ours was stored after all: either way, what is there counts.
    if (!failedAs(error, 'wrong revision')) throw error;
  }
  const made = await readIdentity(parts);
  if (made !== null) return made;
  throw prefixTaken(client.address, prefix, 'do not keep what is written to them');
}

/** The id of the ledger that is there now, null where there is none. @throws PawlError; LogFailure */
export async function readIdentity(
  parts: Omit<IdentityParts, 'newLedgerId' | 'matching'>,
): Promise<string | null> {
  const { client, patience, names, prefix } = parts;
  const page = { from: 0, direction: 'forwards', countMax: 1 } as const;
  let events: readonly LogEvent[];
  try {
    events = await patience.retry(() => client.readStream(names.identity, page, patience.callTimeoutMs));
  } catch (error) {
    if (!failedAs(error, 'deleted')) throw error;
    throw prefixTaken(client.address, prefix, 'were a ledger that was deleted for good');
  }
  const [event] = events;
  if (event === undefined) return null;
  const found = parsedObject(event.data);
  if (event.revision !== 0 || event.type !== names.types.identity || typeof found['ledger'] !== 'string') {
    throw prefixTaken(client.address, prefix, 'are not those of a ledger');
  }
  if (found['format'] !== format) {
    throw new PawlError(
      'LEDGER_FORMAT_NEWER',
      `${client.address} has a ledger of format ${String(found['format'])}; this version reads format ${format}. Upgrade Pawl.`,
      { context: { address: client.address, format: String(found['format']) } },
    );
  }
  return found['ledger'];
}

async function isTaken({ matching, names }: IdentityParts): Promise<boolean> {
  try {
    for await (const _ of matching.read({ streamPrefixes: names.all })) return true;
    return false;
  } catch (error) {
    // Whoever may not read the whole log cannot see it; a record of somebody else would be found when it is read.
    if (failedAs(error, 'denied')) return false;
    throw error;
  }
}

function identityEvent(names: StreamNames, ledger: string): NewLogEvent {
  const data = Buffer.from(JSON.stringify({ format, ledger }), 'utf8');
  const id = eventUuid(sha256Bytes(data));
  return { id, type: names.types.identity, data, metadata: Buffer.from('{}', 'utf8') };
}

function prefixTaken(address: string, prefix: string, why: string): PawlError {
  return new PawlError(
    'LEDGER_PREFIX_TAKEN',
    `The streams with the prefix "${prefix}" in ${address} ${why}. Choose another prefix= in the address.`,
    { context: { address, prefix } },
  );
}
