import type { PawlError } from '../../../../kernel/pawl-error.ts';
import { leafHash } from '../../../audit/tree-hash.ts';
import type { LogClient, LogEvent, LogPosition } from '../log-client.ts';
import { LogFailure } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import type { OrderEntry } from './order-entry.ts';
import { orderFaults } from './order-faults.ts';
import type { OrderIndex } from './order-index.ts';

/**
 * Where to go on in the log: behind what is known, after making sure that the last record that is known is still where it was,
 * with the same bytes. Reads two events at most, however long the ledger is.
 *
 * @throws PawlError `STREAM_TRUNCATED`; what `replaced` gives when the record is not there; `LogFailure`
 */
export async function checkSeen(
  client: LogClient,
  prefix: string,
  index: OrderIndex,
  timeoutMs: number,
  replaced: (why: string) => PawlError,
): Promise<LogPosition | 'start'> {
  const { last, through } = index;
  if (last !== null) await checkLast(client, `${prefix}.${last.stream}`, last, timeoutMs, replaced);
  if (through !== null && comparePositions(through, last?.at ?? null) > 0) {
    // Behind the last record only others' events were seen. Where they are others now, there may be records of ours too.
    const event = await eventAt(client, through, timeoutMs).catch(unlessUnknownPlace);
    if (comparePositions(event?.position ?? null, through) !== 0) index.passOnlyLast();
  }
  return index.through ?? 'start';
}

async function checkLast(
  client: LogClient,
  name: string,
  last: OrderEntry,
  timeoutMs: number,
  replaced: (why: string) => PawlError,
): Promise<void> {
  let failure: unknown = null;
  const isSame = (event: LogEvent | undefined): boolean =>
    event?.stream === name &&
    event.revision === last.revision &&
    Buffer.compare(leafHash(event.data), last.leaf) === 0;
  try {
    const event = await eventAt(client, last.at, timeoutMs);
    if (isSame(event) && comparePositions(event?.position ?? null, last.at) === 0) return;
  } catch (error) {
    // A server may refuse to read from where no event begins.
    unlessUnknownPlace(error);
    failure = error;
  }
  const inStream = await firstOf(client, name, last.revision, timeoutMs);
  if (failure !== null && isSame(inStream)) throw failure;
  const what = `the event ${last.revision} of "${name}", the last of ${last.position + 1} that were seen here,`;
  throw replaced(inStream === undefined ? `${what} is not there` : `${what} is another, or elsewhere`);
}

async function eventAt(
  client: LogClient,
  from: LogPosition,
  timeoutMs: number,
): Promise<LogEvent | undefined> {
  const [event] = await client.readAll({ from, direction: 'forwards', countMax: 1 }, timeoutMs);
  return event;
}

async function firstOf(
  client: LogClient,
  name: string,
  from: number,
  timeoutMs: number,
): Promise<LogEvent | undefined> {
  try {
    const [event] = await client.readStream(name, { from, direction: 'forwards', countMax: 1 }, timeoutMs);
    return event;
  } catch (error) {
    if (error instanceof LogFailure && error.kind === 'deleted') throw orderFaults.deleted(name);
    throw error;
  }
}

function unlessUnknownPlace(error: unknown): undefined {
  if (error instanceof LogFailure && error.kind === 'other') return undefined;
  throw error;
}
