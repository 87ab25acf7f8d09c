import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import { parseEventstoreAddress } from './address.ts';
import { EventstoreBlobs } from './blobs/eventstore-blobs.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { openDbClient } from './db-client/open-db-client.ts';
import { EventstoreStore } from './eventstore-store.ts';
import { codedFailure, codedLogFailure, failedAs } from './ledger-failure.ts';
import { type IdentityParts, ledgerIdentity, readIdentity } from './ledger-identity.ts';
import { ledgerReplaced } from './ledger-replaced.ts';
import { MatchingEvents } from './matching-events.ts';
import { type LedgerOrder, openLedgerOrder } from './order/ledger-order.ts';
import { type EventstoreTimings, Patience } from './patience.ts';
import { openEventstoreWorkQueue } from './queue/eventstore-work-queue.ts';
import { EventstoreRecords } from './records/eventstore-records.ts';
import { StreamNames } from './stream-names.ts';

export interface EventstoreStoreOptions {
  /** `esdb://…`; see `parseEventstoreAddress`. */
  readonly address: string;
  readonly mode: 'write' | 'read';
  /** In write mode: make a new ledger when there is none. */
  readonly create: boolean;
  /** `streams`: without positions, for those who read and write a few streams of a large ledger. */
  readonly scope: 'ledger' | 'streams';
  /** Where what is derived from the ledger may be kept; null: nowhere. */
  readonly cacheDirectory: string | null;
  readonly clock: Clock;
  /** Spreads attempts over time; nothing is decided by it. */
  readonly random: Random;
  /** A new id for a new ledger, unlike any other. */
  readonly newLedgerId: () => string;
  /** Told once when something works, but not as it should. */
  readonly note: (message: string) => void;
  /** Without `callTimeoutMs`, that of the address. */
  readonly timings: Omit<EventstoreTimings, 'callTimeoutMs'> & Partial<EventstoreTimings>;
}

/** How long it is looked for the reason of a failure. */
const diagnosisMs = 2_000;

/**
 * Opens a ledger on an EventStoreDB or KurrentDB cluster.
 *
 * @throws PawlError `LEDGER_URL`, `LEDGER_NOT_FOUND`, `LEDGER_PREFIX_TAKEN`, `LEDGER_FORMAT_NEWER`, `LEDGER_REPLACED`,
 * `LEDGER_UNREACHABLE`, `LEDGER_ACCESS_DENIED`, `LEDGER_CERTIFICATE`, `LEDGER_NOT_EVENTSTORE`, `LEDGER_READ_ONLY`
 */
export async function openEventstoreStore(options: EventstoreStoreOptions): Promise<EventstoreStore> {
  const address = parseEventstoreAddress(options.address);
  const client = await openDbClient(address.settings);
  let order: LedgerOrder | null = null;
  try {
    const { clock, random, mode, create, scope } = options;
    const { prefix, appendBytesMax } = address;
    const timings = { callTimeoutMs: address.callTimeoutMs, ...options.timings };
    const patience = new Patience(clock, random, timings);
    const names = new StreamNames(prefix);
    const hasty = patience.whileOpening();
    const identity: IdentityParts = {
      ...{ client, names, prefix, patience: hasty, newLedgerId: options.newLedgerId },
      matching: new MatchingEvents(client, hasty, clock),
    };
    const ledgerId = await ledgerIdentity(identity, create && mode === 'write');
    if (scope === 'ledger') {
      order = await openLedgerOrder({
        ...{ client, prefix, ledgerId, clock, random },
        address: client.address,
        cacheDirectory: options.cacheDirectory,
        coded: (error) => codedLogFailure(client.address, error),
        note: options.note,
        callTimeoutMs: timings.callTimeoutMs,
        patienceMs: timings.patienceMs,
      });
    }
    const sameLedger = async (): Promise<void> => {
      const now = await readIdentity({ ...identity, patience });
      if (now !== ledgerId) throw ledgerReplaced(client.address, ledgerId, now);
    };
    const records = new EventstoreRecords({
      ...{ client, patience, clock, names, appendBytesMax, order, sameLedger },
    });
    const blobs = new EventstoreBlobs(client, patience, clock, names, appendBytesMax);
    const queue = openEventstoreWorkQueue({ client, prefix, address: client.address, clock, random });
    return new EventstoreStore({ client, ledgerId, mode, records, blobs, order, queue });
  } catch (error) {
    await order?.close();
    await client.dispose();
    throw codedFailure(client.address, await nearerCause(address.settings, error));
  }
}

/**
 * Looking for a leader, the library tells no reason why it found none. The first host is asked directly: what is wrong with it
 * (a certificate, a password, no database at all) is wrong with the others, most likely.
 */
async function nearerCause(settings: ConnectionSettings, error: unknown): Promise<unknown> {
  if (settings.discovery === 'single' || !failedAs(error, 'unreachable')) return error;
  const [first] = settings.hosts;
  const client = await openDbClient({ ...settings, discovery: 'single', hosts: [first] });
  try {
    await client.readStream('pawl:none', { from: 0, direction: 'forwards', countMax: 1 }, diagnosisMs);
    return error;
  } catch (nearer) {
    return failedAs(nearer, 'certificate', 'denied', 'not this protocol') ? nearer : error;
  } finally {
    await client.dispose();
  }
}
