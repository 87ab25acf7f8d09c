import type { Clock } from '../../kernel/clock.ts';
import type { WorkerPulse, WorkQueue } from '../../ledger/work-queue.ts';

/** Beats per lease: a watcher that sees none for a whole lease has missed so many in a row. */
const beatsPerLease = 4;
const periodMsMin = 20;

export interface HeartbeatServices {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  /** What the worker says of itself now, without the number of the beat. */
  readonly pulse: () => Omit<WorkerPulse, 'beat' | 'at'>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Says that a worker is alive, by a timer of its own: an episode that takes long is no reason to lose it. A beat that fails is
 * followed by the next one; when all fail for the length of a lease, the work is somebody else's, and fencing sees to the rest.
 */
export class Heartbeat {
  readonly #services: HeartbeatServices;
  readonly #stopped = new AbortController();
  #rearmed = new AbortController();
  #periodMs: number;
  #beat = 0;
  #loop: Promise<void> = Promise.resolve();

  /** @param leaseMs the shortest lease that the worker may come to hold, as far as it knows */
  constructor(services: HeartbeatServices, leaseMs: number) {
    this.#services = services;
    this.#periodMs = periodFor(leaseMs);
  }

  /** Resolves with the first beat; the others follow by themselves. */
  async start(): Promise<void> {
    await this.beat();
    this.#loop = this.#go();
  }

  /** From now on often enough for this lease, too. */
  serve(leaseMs: number): void {
    const periodMs = periodFor(leaseMs);
    if (periodMs >= this.#periodMs) return;
    this.#periodMs = periodMs;
    this.#rearmed.abort();
  }

  async beat(): Promise<void> {
    this.#beat += 1;
    const { queue, clock, pulse } = this.#services;
    await queue.beat({ ...pulse(), beat: this.#beat, at: clock.now() });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #go(): Promise<void> {
    const stopped = this.#stopped.signal;
    while (!stopped.aborted) {
      this.#rearmed = new AbortController();
      const signal = AbortSignal.any([stopped, this.#rearmed.signal]);
      await this.#services.clock.sleep(this.#periodMs, signal).catch(() => undefined);
      if (stopped.aborted) return;
      await this.beat().catch(this.#services.onFailure);
    }
  }
}

function periodFor(leaseMs: number): number {
  return Math.max(periodMsMin, Math.floor(leaseMs / beatsPerLease));
}
