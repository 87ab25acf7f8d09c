import { setMaxListeners } from 'node:events';
import type { StreamName } from '../../kernel/brand.ts';
import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunData } from '../run-state.ts';
import { Heartbeat } from './heartbeat.ts';
import { isAway } from './ledger-away.ts';
import { type Patience, patiently } from './patiently.ts';
import { QueueLog } from './queue-log.ts';
import { recordedFailure } from './recorded-failure.ts';
import { type Found, Scout } from './scout.ts';
import { type ShiftEnd, workShift } from './work-shift.ts';
import { WorkerDiary } from './worker-diary.ts';
import type { WorkerServices } from './worker-services.ts';

/** How long a worker that finds nothing waits before it looks again. */
const idleMsMin = 25;
const idleMsMax = 500;
/** How often a worker with its hands full looks whether what it does is still wanted. */
const lookMs = 1000;
/** How long a worker that is to end waits to write that down. */
const lastWordMs = 5000;
/** Heartbeats while no run is known that asks for more. */
const leaseMsDefault = 30_000;

/** The two ways to stop a worker. */
export interface WorkerSignals {
  /** Aborted: take nothing more, finish what is under way. */
  readonly drain: AbortSignal;
  /** Aborted: give back at once what is under way. */
  readonly leave: AbortSignal;
}

export interface WorkerOutcome {
  readonly why: 'drained' | 'idle';
  /** Episodes by how they were left. */
  readonly left: Readonly<Record<ShiftEnd['how'], number>>;
}

/**
 * Takes episodes of queued runs and works on them until it is told to stop. It can be killed at any moment, and so can its
 * ledger's server: others go on with what it had, from where the episode's stream ends.
 *
 * @throws PawlError `WORKER_UNSUITABLE` where it is told to work on a run that it cannot; what the ledger throws where waiting
 * does not help
 */
export async function work(services: WorkerServices, signals: WorkerSignals): Promise<WorkerOutcome> {
  return new WorkLoop(services, signals).work();
}

class WorkLoop {
  readonly #services: WorkerServices;
  readonly #signals: WorkerSignals;
  readonly #patience: Patience;
  readonly #stopping: AbortSignal;
  readonly #log: QueueLog;
  readonly #diary: WorkerDiary;
  readonly #heart: Heartbeat;
  readonly #scout: Scout;
  readonly #underWay = new Map<Promise<void>, Found & { readonly over: AbortController }>();
  readonly #left = { finished: 0, fenced: 0, released: 0, failed: 0 };
  #failure: { readonly error: unknown } | null = null;
  #draining = false;

  constructor(services: WorkerServices, signals: WorkerSignals) {
    const { clock, identity, onNews } = services;
    this.#services = services;
    this.#signals = signals;
    const onAway = (error: Error) => onNews({ kind: 'away', why: error.message });
    this.#patience = { clock, signal: signals.leave, onAway };
    this.#stopping = AbortSignal.any([signals.drain, signals.leave]);
    this.#log = new QueueLog(services);
    this.#diary = new WorkerDiary(identity.worker, services, this.#patience);
    const pulse = () => ({
      ...{ worker: identity.worker, slots: identity.slots, capabilities: identity.capabilities },
      working: [...this.#underWay.values()].map(({ lease }) => lease.item),
      draining: this.#draining,
    });
    const onFailure = (error: unknown) => onNews({ kind: 'away', why: messageOf(error) });
    this.#heart = new Heartbeat({ queue: services.queue, clock, pulse, onFailure }, leaseMsDefault);
    const onShorterLease = (leaseMs: number) => this.#heart.serve(leaseMs);
    this.#scout = new Scout({ ...services, log: this.#log, leave: signals.leave, onShorterLease });
  }

  async work(): Promise<WorkerOutcome> {
    const { identity } = this.#services;
    // Every episode under way listens to it.
    setMaxListeners(0, this.#signals.leave, this.#signals.drain);
    await this.#diary.write({ type: 'WorkerStarted', data: identity });
    try {
      await patiently(() => this.#heart.start(), this.#patience);
      const why = await this.#takeUntilToldToStop();
      await this.#stop(why, null);
      return { why, left: this.#left };
    } catch (error) {
      await this.#stop('failed', error);
      throw error;
    } finally {
      await this.#heart.stop();
      await this.#scout.close();
    }
  }

  async #takeUntilToldToStop(): Promise<'drained' | 'idle'> {
    const { drain, leave } = this.#signals;
    let idleMs = idleMsMin;
    let why: 'drained' | 'idle' = 'drained';
    try {
      while (!drain.aborted && !leave.aborted && this.#failure === null) {
        if (this.#underWay.size >= this.#services.identity.slots) {
          await this.#pause(lookMs);
          await this.#letGo();
          continue;
        }
        const found = await this.#look();
        if (found === 'idle' && this.#services.untilIdle && this.#underWay.size === 0) {
          why = 'idle';
          break;
        }
        if (found === null || found === 'idle') {
          await this.#pause(idleMs);
          if (this.#underWay.size > 0) await this.#letGo();
          idleMs = Math.min(idleMs * 2, idleMsMax);
          continue;
        }
        idleMs = idleMsMin;
        this.#begin(found);
      }
    } finally {
      this.#draining = true;
      await this.#finishUnderWay();
    }
    if (this.#failure !== null) throw this.#failure.error;
    return why;
  }

  async #finishUnderWay(): Promise<void> {
    while (this.#underWay.size > 0) {
      const over = new AbortController();
      const { clock } = this.#services;
      await Promise.race([...this.#underWay.keys(), clock.sleep(lookMs, over.signal).catch(() => undefined)]);
      over.abort();
      if (this.#failure === null) await this.#letGo();
    }
  }

  /**
   * Drops episodes of runs that others have ended meanwhile: a queue that has forgotten a run tells nobody that a lease is lost,
   * and an answer that is waited for may take long.
   */
  async #letGo(): Promise<void> {
    try {
      const queued = await this.#log.refresh();
      for (const { lease, over } of this.#underWay.values()) {
        if (over.signal.aborted || queued.has(lease.item.run)) continue;
        if (await hasFinished(lease.item.run, this.#services.ledger)) over.abort();
      }
    } catch (error) {
      // What is under way finds out by itself that the ledger is away.
      if (!isAway(error)) throw error;
    }
  }

  /** Looking fails with the ledger, and goes on with it; who is told to stop need not wait for one that is away. */
  async #look(): Promise<Found | 'idle' | null> {
    try {
      return await patiently(() => this.#scout.look(), { ...this.#patience, signal: this.#stopping });
    } catch (error) {
      if (this.#stopping.aborted) return null;
      throw error;
    }
  }

  #begin(found: Found): void {
    const { item, attempt } = found.lease;
    this.#services.onNews({ kind: 'took', ...item, attempt });
    const over = new AbortController();
    const shift = this.#shift(found, over.signal).finally(() => {
      this.#underWay.delete(shift);
      this.#scout.leftOne(item.run);
    });
    this.#underWay.set(shift, { ...found, over });
  }

  /** Never rejects. */
  async #shift({ lease, kit }: Found, over: AbortSignal): Promise<void> {
    const { leave } = this.#signals;
    const services = { diary: this.#diary, log: this.#log, patience: this.#patience, leave, over };
    try {
      const end = await workShift(lease, kit, services);
      this.#left[end.how] += 1;
      this.#services.onNews({ kind: 'left', ...lease.item, ...end });
    } catch (error) {
      // Told to leave while the ledger is away: nothing can be given back, and the lease lapses.
      if (!leave.aborted) this.#failure ??= { error };
    }
  }

  /** Until an episode ends, the worker is told to stop, or the time is over. */
  async #pause(durationMs: number): Promise<void> {
    const over = new AbortController();
    const { drain, leave } = this.#signals;
    const signal = AbortSignal.any([over.signal, drain, leave]);
    const sleep = this.#services.clock.sleep(durationMs, signal).catch(() => undefined);
    await Promise.race([...this.#underWay.keys(), sleep]);
    over.abort();
  }

  async #stop(why: RunData<'WorkerStopped'>['why'], error: unknown): Promise<void> {
    const data = { why, error: error === null ? null : recordedFailure(error) };
    // Both are for those who watch: without them it looks as if it had been killed, and is dealt with like that. So nobody waits
    // for long where the ledger is away.
    const over = new AbortController();
    const said = this.#heart
      .beat()
      .catch(() => undefined)
      .then(() => this.#diary.write({ type: 'WorkerStopped', data }))
      .catch((problem: unknown) => {
        if (!isPawlError(problem)) throw problem;
      });
    await Promise.race([
      said,
      this.#services.clock.sleep(lastWordMs, over.signal).catch(() => undefined),
    ]).finally(() => over.abort());
  }
}

async function hasFinished(run: StreamName, ledger: Ledger): Promise<boolean> {
  const last = await ledger.lastRevision(run);
  for await (const { type } of ledger.readStream(run, Math.max(0, last))) return type === 'RunFinished';
  return false;
}
