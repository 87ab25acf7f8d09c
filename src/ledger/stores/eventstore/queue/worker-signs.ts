import { WorkerWatch } from '../../worker-watch.ts';
import { inParallel } from './in-parallel.ts';
import type { QueueLog } from './queue-log.ts';
import type { QueueStreams } from './queue-streams.ts';

const readsMax = 32;
/** Workers that are remembered; of more, those that were not looked at for the longest time are forgotten. */
const workersMax = 10_000;
const grantsMax = 1_000;

interface Heard {
  /** Counts the signs. */
  readonly sign: number;
  /** Of the last heartbeat, as its stream numbers them. */
  readonly beat: number;
  /** What it was seen to take, the last seen last. */
  readonly grants: Set<string>;
}

/**
 * What was heard of other workers, and for how long nothing was, by the monotonic clock of this one. What is remembered stays
 * true while nobody looks: the same last sign at two looks means that there was none in between.
 */
export class WorkerSigns {
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;
  readonly #monotonic: () => number;
  readonly #heard = new Map<string, Heard>();
  readonly #watch = new WorkerWatch();

  constructor(log: QueueLog, streams: QueueStreams, monotonic: () => number) {
    this.#log = log;
    this.#streams = streams;
    this.#monotonic = monotonic;
  }

  /** Looks at the last heartbeats of some workers, given with what each has taken. One read per worker. */
  async look(holders: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await inParallel([...holders], readsMax, async ([worker, grants]) => {
      const last = await this.#log.last(this.#streams.worker(worker));
      // An empty stream is one whose events the server dropped for their age.
      const beat = last === null || last === 'deleted' ? -1 : last.revision;
      this.#hear(worker, beat, grants);
    });
    this.#watch.observe(
      [...this.#heard].map(([worker, { sign }]) => [worker, sign] as const),
      this.#monotonic(),
    );
  }

  /** 0 for a worker that was never looked at. */
  silentMs(worker: string): number {
    return this.#watch.silentMs(worker, this.#monotonic());
  }

  #hear(worker: string, beat: number, taken: readonly string[]): void {
    const before = this.#heard.get(worker);
    const grants = before?.grants ?? new Set();
    const isNews = before === undefined || beat > before.beat || taken.some((grant) => !grants.has(grant));
    for (const grant of taken) {
      grants.delete(grant);
      grants.add(grant);
    }
    dropOldest(grants, grantsMax);
    this.#heard.delete(worker);
    const sign = (before?.sign ?? 0) + (isNews ? 1 : 0);
    this.#heard.set(worker, { sign, beat: Math.max(beat, before?.beat ?? -1), grants });
    dropOldest(this.#heard, workersMax);
  }
}

function dropOldest(kept: Set<string> | Map<string, unknown>, sizeMax: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= sizeMax) return;
    kept.delete(oldest);
  }
}
