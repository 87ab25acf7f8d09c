import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { StreamName } from '../../../kernel/brand.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Lease, WorkerPulse, WorkItem, WorkItemState, WorkQueue, WorkTerms } from '../../work-queue.ts';
import { type HeldLease, HeldLeases } from '../held-leases.ts';
import { type KeptItem, standingOf } from '../kept-item.ts';
import { lookMs, pulseKeptMs } from '../queue-times.ts';
import { type Settlement, settleItem, unparkItem } from '../settle-item.ts';
import { WakeUp } from '../wake-up.ts';
import { WorkerWatch } from '../worker-watch.ts';
import { grantNext, nextToBeHad, type Silence } from './grant-next.ts';
import { WorkQueueFile, type WorkQueueFileOptions } from './work-queue-file.ts';
import type { ItemRow, WorkQueueRows } from './work-queue-rows.ts';

/** Offered in one transaction; others take in between. */
const offeredAtOnce = 2000;

/** The queue of a SQLite ledger, for several processes on one machine. Errors: those of `WorkQueueFile`. */
export class SqliteWorkQueue implements WorkQueue {
  readonly #file: WorkQueueFile;
  readonly #clock: Clock;
  readonly #watch = new WorkerWatch();
  readonly #held = new HeldLeases((held, how) => this.#settle(held, how));
  /** Rings for what this process does; what others do is found by looking. */
  readonly #changed = new WakeUp();

  constructor(options: WorkQueueFileOptions, clock: Clock) {
    this.#file = new WorkQueueFile(options);
    this.#clock = clock;
  }

  async offer(run: StreamName, items: readonly WorkItem[], terms: WorkTerms): Promise<void> {
    for (let from = 0; from < items.length; from += offeredAtOnce) {
      const some = items.slice(from, from + offeredAtOnce);
      // To offer again what is there is what workers do all the time; it keeps nobody from writing.
      const known = await this.#file.read((rows) => isOffered(rows, run, some, terms), false);
      if (known) continue;
      await this.#file.write((rows) => {
        const key = rows.keepRun(run, terms);
        for (const { episode } of some) rows.insertItem(key, episode);
      });
      this.#changed.ring();
      await setImmediate();
    }
  }

  async take(run: StreamName, worker: string, waitMs: number, signal: AbortSignal): Promise<Lease | null> {
    const untilMs = this.#clock.monotonic() + waitMs;
    for (;;) {
      if (signal.aborted) return null;
      // Looking is a read, which keeps nobody from writing; only what is there is then taken, alone.
      const something = await this.#file.read((rows) => {
        const found = nextToBeHad(rows, run, worker, this.#look(rows));
        return found !== undefined;
      }, false);
      const lease = something ? await this.#take(run, worker) : null;
      const leftMs = untilMs - this.#clock.monotonic();
      if (lease !== null || leftMs <= 0) return lease;
      await this.#changed.wait(signal, Math.min(leftMs, lookMs));
    }
  }

  async beat(pulse: WorkerPulse): Promise<void> {
    await this.#file.write((rows) => {
      rows.sign(pulse.worker, JSON.stringify(pulse));
      for (const held of this.#held.of(pulse.worker)) this.#held.learn(held, find(rows, held.item)?.kept);
      for (const worker of this.#look(rows).for(pulseKeptMs)) rows.removeWorker(worker);
    });
  }

  pulses(): Promise<readonly WorkerPulse[]> {
    return this.#file.read((rows) => rows.pulses().map((pulse) => JSON.parse(pulse) as WorkerPulse), []);
  }

  items(run: StreamName): Promise<readonly WorkItemState[]> {
    return this.#file.read((rows) => {
      const row = rows.run(run);
      if (row === undefined) return [];
      const items = rows.items(row.run, null);
      return items.map(({ episode, kept }) => ({ run, episode, standing: standingOf(kept) }));
    }, []);
  }

  async unpark(run: StreamName): Promise<readonly WorkItem[]> {
    if ((await this.#file.read((rows) => parkedOf(rows, run).length, 0)) === 0) return [];
    const unparked = await this.#file.write((rows) =>
      parkedOf(rows, run).map(({ item, episode, kept }) => {
        rows.updateItem(item, unparkItem(kept) ?? kept);
        return { run, episode };
      }),
    );
    this.#changed.ring();
    return unparked;
  }

  async withdraw(run: StreamName): Promise<void> {
    const known = await this.#file.read((rows) => rows.run(run) !== undefined, false);
    if (known) await this.#file.write((rows) => rows.removeRun(run));
  }

  close(): void {
    this.#file.close();
    this.#changed.ring();
  }

  async #take(run: StreamName, worker: string): Promise<Lease | null> {
    const granted = await this.#file.write((rows) =>
      grantNext(rows, run, worker, randomUUID(), this.#look(rows)),
    );
    if (granted === null) return null;
    const { episode, grant, attempt, from } = granted;
    return this.#held.grant({ item: { run, episode }, worker, grant }, attempt, from);
  }

  async #settle({ item, grant }: HeldLease, how: Settlement): Promise<KeptItem | undefined> {
    const after = await this.#file.write((rows) => {
      const found = find(rows, item);
      if (found === undefined) return undefined;
      const settled = settleItem(found.kept, grant, how, found.terms.attemptsMax);
      if (settled !== null) rows.updateItem(found.item, settled);
      return settled ?? found.kept;
    });
    this.#changed.ring();
    return after;
  }

  #look(rows: WorkQueueRows): Silence {
    const beforeMs = this.#clock.monotonic();
    const signs = rows.signs();
    this.#watch.observe(signs, this.#clock.monotonic());
    return {
      ofMs: (worker) => this.#watch.silentMs(worker, beforeMs),
      for: (durationMs) => this.#watch.silentFor(durationMs, beforeMs),
    };
  }
}

function isOffered(
  rows: WorkQueueRows,
  run: StreamName,
  items: readonly WorkItem[],
  { leaseMs, attemptsMax }: WorkTerms,
): boolean {
  const row = rows.run(run);
  if (row?.terms.leaseMs !== leaseMs || row.terms.attemptsMax !== attemptsMax) return false;
  return items.every(({ episode }) => rows.hasItem(row.run, episode));
}

function parkedOf(rows: WorkQueueRows, run: StreamName): readonly ItemRow[] {
  const row = rows.run(run);
  return row === undefined ? [] : rows.items(row.run, 'parked');
}

function find(
  rows: WorkQueueRows,
  { run, episode }: WorkItem,
): { readonly item: number; readonly kept: KeptItem; readonly terms: WorkTerms } | undefined {
  const row = rows.run(run);
  const item = row === undefined ? undefined : rows.item(row.run, episode);
  return row === undefined || item === undefined ? undefined : { ...item, terms: row.terms };
}
