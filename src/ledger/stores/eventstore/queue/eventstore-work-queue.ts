import type { StreamName } from '../../../../kernel/brand.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Random } from '../../../../kernel/random.ts';
import type {
  Lease,
  WorkerPulse,
  WorkItem,
  WorkItemState,
  WorkQueue,
  WorkTerms,
} from '../../../work-queue.ts';
import { standingOf } from '../../kept-item.ts';
import { ledgerClosed } from '../../store-errors.ts';
import type { LogClient } from '../log-client.ts';
import { Patience, usualTimings } from '../patience.ts';
import { Heartbeats } from './heartbeats.ts';
import { LeaseStreams } from './lease-streams.ts';
import { offerRun } from './offer-run.ts';
import { QueueLog } from './queue-log.ts';
import type { Place } from './queue-shapes.ts';
import { QueueStreams } from './queue-streams.ts';
import type { RunBoard } from './run-board.ts';
import { RunHeads } from './run-heads.ts';
import { RunSeats } from './run-seats.ts';
import { TakeCall } from './take-call.ts';
import { unparkRun } from './unpark-run.ts';
import { removeRun, withdrawRun } from './withdraw-run.ts';
import { WorkTaker } from './work-taker.ts';
import { WorkerSigns } from './worker-signs.ts';

/** Of one call to the server, and of all attempts at it together: whoever waits on a queue asks again. */
const timings = { ...usualTimings, callTimeoutMs: 3_000, patienceMs: 10_000 };
/** A beat that comes late is worth less than the next one. */
const beatTimings = { ...timings, patienceMs: 1_000 };
/** Fewer beats than one per half a lease: somebody may have taken over what a worker has. */
const lateBeat = 0.5;

/** What the work queue of a log database is made of. */
export interface EventstoreQueueParts {
  /** Not disposed of by the queue. */
  readonly client: LogClient;
  /** Of the ledger on that database. */
  readonly prefix: string;
  /** For people, without credentials. */
  readonly address: string;
  readonly clock: Clock;
  /** For the spread of waiting times alone. */
  readonly random: Random;
}

/** A work queue as the store keeps it. */
export interface EventstoreWorkQueue extends WorkQueue {
  /** Leaves every group; calls under way end. To be called before the client is disposed of. Idempotent. */
  close(): Promise<void>;
}

/**
 * The queue of a ledger on a log database: items are handed out by a persistent subscription, leases and heartbeats are small
 * streams beside the ledger. No step depends on a message: the subscription says where there is something to do, the exact
 * revision of an item's lease stream decides who has it, and what no message tells is found by whoever is on duty.
 */
export function openEventstoreWorkQueue(parts: EventstoreQueueParts): EventstoreWorkQueue {
  return new LogWorkQueue(parts);
}

class LogWorkQueue implements EventstoreWorkQueue {
  readonly #parts: EventstoreQueueParts;
  readonly #streams: QueueStreams;
  readonly #log: QueueLog;
  readonly #heads: RunHeads;
  readonly #leases: LeaseStreams;
  readonly #taker: WorkTaker;
  readonly #hearts: Heartbeats;
  readonly #seats: RunSeats;
  readonly #closing = new AbortController();
  #shortestLeaseMs = Number.POSITIVE_INFINITY;

  constructor(parts: EventstoreQueueParts) {
    const { client, prefix, address, clock, random } = parts;
    this.#parts = parts;
    const monotonic = (): number => clock.monotonic();
    this.#streams = new QueueStreams(prefix);
    const logWith = (waits: typeof timings): QueueLog =>
      new QueueLog(client, address, this.#streams.type, new Patience(clock, random, waits));
    this.#log = logWith(timings);
    this.#heads = new RunHeads(this.#log, this.#streams);
    this.#leases = new LeaseStreams(this.#log, this.#streams);
    const signs = new WorkerSigns(this.#log, this.#streams, monotonic);
    this.#taker = new WorkTaker(this.#leases, signs, monotonic);
    this.#hearts = new Heartbeats(logWith(beatTimings), this.#streams, monotonic);
    this.#seats = new RunSeats(this.#log, this.#streams, monotonic);
  }

  async offer(run: StreamName, items: readonly WorkItem[], terms: WorkTerms): Promise<void> {
    this.#mustBeOpen();
    const left = await this.#heads.withdrawn(run);
    if (left !== null) await removeRun(this.#log, this.#streams, run, left);
    await offerRun(this.#log, this.#streams, this.#heads, run, items, terms);
  }

  async take(run: StreamName, worker: string, waitMs: number, signal: AbortSignal): Promise<Lease | null> {
    this.#mustBeOpen();
    const { clock, random, address } = this.#parts;
    const services = {
      ...{ log: this.#log, streams: this.#streams, seats: this.#seats, taker: this.#taker },
      ...{ clock, random, address, place: () => this.#place(run) },
    };
    const both = AbortSignal.any([signal, this.#closing.signal]);
    const lease = await new TakeCall(services, worker, waitMs, both).run();
    if (lease === null) this.#mustBeOpen();
    return lease;
  }

  async beat(pulse: WorkerPulse): Promise<void> {
    this.#mustBeOpen();
    const silentMs = await this.#hearts.beat(pulse);
    await this.#taker.check(pulse.worker, silentMs >= this.#shortestLeaseMs * lateBeat);
  }

  async pulses(): Promise<readonly WorkerPulse[]> {
    this.#mustBeOpen();
    return this.#hearts.pulses();
  }

  async items(run: StreamName): Promise<readonly WorkItemState[]> {
    const board = await this.#look(run);
    return (board?.episodes ?? []).map((episode) => ({
      ...{ run, episode, standing: standingOf((board as RunBoard).entry(episode).item) },
    }));
  }

  async unpark(run: StreamName): Promise<readonly WorkItem[]> {
    const board = await this.#look(run);
    return board === null ? [] : unparkRun(this.#leases, board);
  }

  async withdraw(run: StreamName): Promise<void> {
    this.#mustBeOpen();
    await withdrawRun(this.#log, this.#streams, this.#heads, run);
    await this.#seats.forget(run);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#seats.close();
  }

  async #place(run: StreamName): Promise<Place | null> {
    this.#mustBeOpen();
    const place = await this.#heads.offered(run);
    if (place === null) await this.#seats.forget(run);
    else this.#shortestLeaseMs = Math.min(this.#shortestLeaseMs, place.terms.leaseMs);
    return place;
  }

  /** The board of a run as it is now; null where the run is not offered. */
  async #look(run: StreamName): Promise<RunBoard | null> {
    this.#mustBeOpen();
    const place = await this.#place(run);
    if (place === null) return null;
    const board = this.#seats.board(place);
    return (await board.refresh()) === 'deleted' ? null : board;
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted) throw ledgerClosed(this.#parts.address);
  }
}
