import type { Clock } from '../../../../kernel/clock.ts';
import type { Random } from '../../../../kernel/random.ts';
import type { Lease } from '../../../work-queue.ts';
import { WakeUp } from '../../wake-up.ts';
import { backoffMs } from '../backoff-ms.ts';
import { codedFailure, failedAs } from '../ledger-failure.ts';
import { makeGroups } from './offer-run.ts';
import type { QueueLog } from './queue-log.ts';
import type { Place } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';
import type { RunSeat } from './run-seat.ts';
import type { RunSeats } from './run-seats.ts';
import type { WorkTaker } from './work-taker.ts';

/** How long a message is waited for before the whole run is looked at: so long, and some ways to the server and back. */
const quietMs = 40;
const quietWays = 3;
/** How often whoever waits looks at the whole run, when it is on duty, and whether a run is offered at all. */
const roundMs = 400;
/** Joins that fail one after another before the call fails. */
const joinsMax = 8;
const pauses = { minMs: 25, maxMs: 2_000 };

export interface TakeServices {
  readonly log: QueueLog;
  readonly streams: QueueStreams;
  readonly seats: RunSeats;
  readonly taker: WorkTaker;
  readonly clock: Clock;
  readonly random: Random;
  readonly address: string;
  /** The run as it is offered now, or null. */
  readonly place: () => Promise<Place | null>;
}

/** One call of `take`. */
export class TakeCall {
  readonly #services: TakeServices;
  readonly #worker: string;
  readonly #untilMs: number;
  readonly #signal: AbortSignal;
  readonly #pauses = new WakeUp();
  #failed = 0;
  #wayMs = 0;

  constructor(services: TakeServices, worker: string, waitMs: number, signal: AbortSignal) {
    this.#services = services;
    this.#worker = worker;
    this.#untilMs = services.clock.monotonic() + waitMs;
    this.#signal = signal;
  }

  /** @throws PawlError those of `EventStore` */
  async run(): Promise<Lease | null> {
    const { seats, place: currentPlace } = this.#services;
    while (!this.#signal.aborted) {
      const askedMs = performance.now();
      const place = await currentPlace();
      this.#wayMs = performance.now() - askedMs;
      if (this.#signal.aborted) return null;
      if (place === null) {
        if (this.#leftMs <= 0) return null;
        await this.#pauses.wait(this.#signal, Math.min(this.#leftMs, roundMs));
        continue;
      }
      const seat = seats.enter(place);
      let found: Lease | null | 'look again' = null;
      try {
        found = await this.#sit(seat);
      } finally {
        seat.leave();
      }
      if (found !== 'look again') return found;
      await this.#recover(place, seat.failure);
    }
    return null;
  }

  get #leftMs(): number {
    return this.#untilMs - this.#services.clock.monotonic();
  }

  /** `look again`: the seat is of no more use, or the run is not what it was. */
  async #sit(seat: RunSeat): Promise<Lease | null | 'look again'> {
    const { taker } = this.#services;
    let waitMs = Math.min(quietMs + quietWays * this.#wayMs, roundMs);
    seat.askForDuty();
    if (seat.isDue(roundMs)) {
      const lease = await this.#lookAround(seat);
      if (lease === 'deleted') return this.#afterDeletion();
      if (lease !== null) return lease;
    }
    while (!this.#signal.aborted) {
      const message = await seat.message(waitMs, this.#signal);
      if (message !== null) {
        this.#failed = 0;
        const lease = await taker.consider(seat.board, message, this.#worker);
        if (lease === 'deleted') return this.#afterDeletion();
        if (lease !== null) return lease;
        continue;
      }
      if (this.#signal.aborted) return null;
      if (seat.isOver) return 'look again';
      await seat.standUp(this.#signal);
      if (seat.onDuty) {
        this.#failed = 0;
        const lease = await this.#lookAround(seat);
        if (lease === 'deleted') return this.#afterDeletion();
        if (lease !== null) return lease;
      }
      if (seat.isOver) return 'look again';
      if (this.#leftMs <= 0) return null;
      waitMs = Math.min(this.#leftMs, roundMs);
    }
    return null;
  }

  #lookAround(seat: RunSeat): Promise<Lease | null | 'deleted'> {
    seat.looks();
    return this.#services.taker.round(seat.board, this.#worker);
  }

  /** The streams are gone: the run was withdrawn just now, or lost; then it has to be offered again. */
  async #afterDeletion(): Promise<null | 'look again'> {
    if (this.#leftMs <= 0) return null;
    await this.#pauses.wait(this.#signal, Math.min(this.#leftMs, roundMs));
    return 'look again';
  }

  /** Joining again, after a pause that grows, once it is known that there is something to be joined. */
  async #recover(place: Place, failure: unknown): Promise<void> {
    if (failure === undefined) return;
    const { log, streams, clock, random, address, place: currentPlace } = this.#services;
    const isFinal = failedAs(failure, 'denied', 'certificate', 'disposed', 'read-only');
    this.#failed += 1;
    if (isFinal || this.#failed > joinsMax) throw codedFailure(address, failure);
    if (this.#failed > 1) {
      const pauseMs = backoffMs(this.#failed, pauses, random);
      await clock.sleep(pauseMs, this.#signal).catch(() => undefined);
    }
    if (this.#signal.aborted || failedAs(failure, 'deleted')) return;
    // A group that was lost, or never made because whoever offered the run did not come so far.
    const current = await currentPlace();
    if (current?.generation === place.generation) await makeGroups(log, streams, place);
  }
}
