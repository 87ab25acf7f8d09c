import type { StreamName } from '../../kernel/brand.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Lease, WorkerPulse, WorkItem, WorkItemState, WorkQueue, WorkTerms } from '../work-queue.ts';
import { type HeldLease, HeldLeases } from './held-leases.ts';
import { judgeTake } from './judge-take.ts';
import { type KeptItem, standingOf, untouchedItem } from './kept-item.ts';
import { lookMs, pulseKeptMs } from './queue-times.ts';
import { type Settlement, settleItem, unparkItem } from './settle-item.ts';
import { ledgerClosed } from './store-errors.ts';
import { WakeUp } from './wake-up.ts';
import { WorkerWatch } from './worker-watch.ts';

interface KeptRun {
  terms: WorkTerms;
  /** In the order of offering. */
  readonly items: Map<StreamName, KeptItem>;
  /** Those that wait or are taken, in the same order: what a taker looks through. */
  open: Set<StreamName>;
}

/** What all queues over one memory share. */
export class MemoryQueuePlace {
  readonly runs = new Map<StreamName, KeptRun>();
  /** `signs` rises whenever something is heard of the worker. */
  readonly workers = new Map<string, { signs: number; pulse: WorkerPulse | null }>();
  readonly changed = new WakeUp();
  grants = 0;
}

/** A queue that lives as long as the process: for tests and demonstrations. */
export class MemoryWorkQueue implements WorkQueue {
  readonly #place: MemoryQueuePlace;
  readonly #clock: Clock;
  readonly #watch = new WorkerWatch();
  readonly #held = new HeldLeases(async (held, how) => this.#settle(held, how));
  #closed = false;

  constructor(place: MemoryQueuePlace, clock: Clock) {
    this.#place = place;
    this.#clock = clock;
  }

  async offer(run: StreamName, items: readonly WorkItem[], terms: WorkTerms): Promise<void> {
    this.#mustBeOpen();
    const kept = this.#place.runs.get(run) ?? { terms, items: new Map(), open: new Set() };
    this.#place.runs.set(run, kept);
    kept.terms = terms;
    for (const { episode } of items) {
      if (kept.items.has(episode)) continue;
      kept.items.set(episode, untouchedItem);
      kept.open.add(episode);
    }
    this.#place.changed.ring();
  }

  async take(run: StreamName, worker: string, waitMs: number, signal: AbortSignal): Promise<Lease | null> {
    const untilMs = this.#clock.monotonic() + waitMs;
    for (;;) {
      this.#mustBeOpen();
      if (signal.aborted) return null;
      const lease = this.#takeNow(run, worker);
      const leftMs = untilMs - this.#clock.monotonic();
      if (lease !== null || leftMs <= 0) return lease;
      await this.#place.changed.wait(signal, Math.min(leftMs, lookMs));
    }
  }

  async beat(pulse: WorkerPulse): Promise<void> {
    this.#mustBeOpen();
    this.#sign(pulse.worker, pulse);
    for (const held of this.#held.of(pulse.worker)) this.#held.learn(held, this.#find(held.item));
    const nowMs = this.#look();
    const holding = new Set(
      [...this.#place.runs.values()].flatMap(({ items, open }) =>
        [...open].map((episode) => items.get(episode)?.worker),
      ),
    );
    for (const worker of this.#watch.silentFor(pulseKeptMs, nowMs)) {
      if (!holding.has(worker)) this.#place.workers.delete(worker);
    }
  }

  async pulses(): Promise<readonly WorkerPulse[]> {
    this.#mustBeOpen();
    const pulses = [...this.#place.workers.values()].flatMap(({ pulse }) => pulse ?? []);
    return pulses.sort((a, b) => (a.worker < b.worker ? -1 : 1));
  }

  async items(run: StreamName): Promise<readonly WorkItemState[]> {
    this.#mustBeOpen();
    const items = this.#place.runs.get(run)?.items ?? [];
    return [...items].map(([episode, item]) => ({ run, episode, standing: standingOf(item) }));
  }

  async unpark(run: StreamName): Promise<readonly WorkItem[]> {
    this.#mustBeOpen();
    const kept = this.#place.runs.get(run);
    if (kept === undefined) return [];
    const unparked: WorkItem[] = [];
    for (const [episode, item] of kept.items) {
      const after = unparkItem(item);
      if (after === null) continue;
      kept.items.set(episode, after);
      unparked.push({ run, episode });
    }
    const isOpen = ({ state }: KeptItem): boolean => state === 'waiting' || state === 'taken';
    kept.open = new Set([...kept.items].flatMap(([episode, item]) => (isOpen(item) ? episode : [])));
    this.#place.changed.ring();
    return unparked;
  }

  async withdraw(run: StreamName): Promise<void> {
    this.#mustBeOpen();
    this.#place.runs.delete(run);
  }

  /** Whoever waits is told that the ledger is closed. */
  close(): void {
    this.#closed = true;
    this.#place.changed.ring();
  }

  #takeNow(run: StreamName, worker: string): Lease | null {
    const kept = this.#place.runs.get(run);
    if (kept === undefined) return null;
    const nowMs = this.#look();
    for (const episode of kept.open) {
      const item = kept.items.get(episode) ?? untouchedItem;
      const silentMs = this.#watch.silentMs(item.worker ?? worker, nowMs);
      const judgement = judgeTake(item, worker, silentMs, kept.terms);
      if (judgement.kind === 'refused') continue;
      if (judgement.kind === 'parked') {
        this.#keep(kept, episode, { ...item, state: 'parked', reason: judgement.reason });
        continue;
      }
      const { attempt, from } = judgement;
      this.#place.grants += 1;
      const grant = `${this.#place.grants}`;
      kept.items.set(episode, { ...item, state: 'taken', attempts: attempt, grant, worker, why: null });
      this.#sign(worker, null);
      return this.#held.grant({ item: { run, episode }, worker, grant }, attempt, from);
    }
    return null;
  }

  #settle({ item: { run, episode }, grant }: HeldLease, how: Settlement): KeptItem | undefined {
    this.#mustBeOpen();
    const kept = this.#place.runs.get(run);
    const item = kept?.items.get(episode);
    if (kept === undefined || item === undefined) return undefined;
    const after = settleItem(item, grant, how, kept.terms.attemptsMax);
    if (after !== null) this.#keep(kept, episode, after);
    this.#place.changed.ring();
    return after ?? item;
  }

  #keep(kept: KeptRun, episode: StreamName, item: KeptItem): void {
    kept.items.set(episode, item);
    if (item.state === 'parked' || item.state === 'finished') kept.open.delete(episode);
  }

  #find({ run, episode }: WorkItem): KeptItem | undefined {
    return this.#place.runs.get(run)?.items.get(episode);
  }

  /** Something was heard of the worker. */
  #sign(worker: string, pulse: WorkerPulse | null): void {
    const known = this.#place.workers.get(worker);
    this.#place.workers.set(worker, { signs: (known?.signs ?? 0) + 1, pulse: pulse ?? known?.pulse ?? null });
  }

  #look(): number {
    const nowMs = this.#clock.monotonic();
    const signs = [...this.#place.workers].map(([worker, { signs }]) => [worker, signs] as const);
    this.#watch.observe(signs, nowMs);
    return nowMs;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw ledgerClosed('memory:');
  }
}
