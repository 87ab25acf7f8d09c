import type { WorkerPulse } from '../../../work-queue.ts';
import { inParallel } from './in-parallel.ts';
import { type QueueLog, readEvent } from './queue-log.ts';
import { announcementSchema, pulseSchema } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';

/** A worker of which nothing came for so long is no longer listed; the server drops its beats by its own clock. */
const pulseKeptSeconds = 600;
/** A worker announces itself again after so long, and an announcement is kept for twice that and as long as a pulse. */
const announceEveryMs = 600_000;
const announcementKeptSeconds = 2 * (announceEveryMs / 1000) + pulseKeptSeconds;
const beatsKept = 2;
const readsMax = 32;

interface Beating {
  lastMs: number;
  announcedMs: number;
}

/** Heartbeats: one small stream per worker, of which the server keeps the last events alone, and one that lists the workers. */
export class Heartbeats {
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;
  readonly #monotonic: () => number;
  readonly #beating = new Map<string, Beating>();

  constructor(log: QueueLog, streams: QueueStreams, monotonic: () => number) {
    this.#log = log;
    this.#streams = streams;
    this.#monotonic = monotonic;
  }

  /** For how long this worker had not beaten before, `Infinity` at its first beat. One append, three more calls at the first. */
  async beat(pulse: WorkerPulse): Promise<number> {
    const { worker, beat } = pulse;
    const before = this.#beating.get(worker);
    const nowMs = this.#monotonic();
    const announcedMs = before?.announcedMs ?? Number.NEGATIVE_INFINITY;
    const isDue = nowMs - announcedMs >= announceEveryMs;
    if (before === undefined) await this.#limit(this.#streams.worker(worker), beatsKept, pulseKeptSeconds);
    await this.#log.write(this.#streams.worker(worker), 'any', [{ key: `${beat}`, data: pulse }]);
    if (isDue) await this.#announce(worker, beat);
    this.#beating.set(worker, { lastMs: nowMs, announcedMs: isDue ? nowMs : announcedMs });
    return nowMs - (before?.lastMs ?? Number.NEGATIVE_INFINITY);
  }

  /** The last pulse of every worker that is listed, by name. One read per worker. */
  async pulses(): Promise<readonly WorkerPulse[]> {
    const workers = [...(await this.#listed())];
    const pulses: WorkerPulse[] = [];
    await inParallel(workers, readsMax, async (worker) => {
      const last = await this.#log.last(this.#streams.worker(worker));
      const pulse = last === null || last === 'deleted' ? null : readEvent(last, pulseSchema);
      if (pulse !== null) pulses.push(pulse);
    });
    return pulses.sort((a, b) => (a.worker < b.worker ? -1 : 1));
  }

  async #listed(): Promise<ReadonlySet<string>> {
    const workers = new Set<string>();
    for (let from = 0; ; ) {
      const page = await this.#log.page(this.#streams.workers, from);
      if (page === 'deleted') return workers;
      for (const event of page.events) {
        const announcement = readEvent(event, announcementSchema);
        if (announcement !== null) workers.add(announcement.worker);
        from = event.revision + 1;
      }
      if (!page.more) return workers;
    }
  }

  async #announce(worker: string, beat: number): Promise<void> {
    const outcome = await this.#log.write(this.#streams.workers, 'any', [
      { key: `${worker} ${beat}`, data: { worker } },
    ]);
    // Whoever is the first of all sees to it that the list does not grow for ever.
    if (typeof outcome === 'object' && outcome.revision === 0) {
      await this.#limit(this.#streams.workers, null, announcementKeptSeconds);
    }
  }

  async #limit(stream: string, maxCount: number | null, maxAgeSeconds: number): Promise<void> {
    const metadata = { maxCount, maxAgeSeconds, truncateBefore: null };
    await this.#log.call((timeoutMs) => this.#log.client.writeMetadata(stream, metadata, timeoutMs));
  }
}
