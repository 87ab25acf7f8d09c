import type { StreamName } from '../../kernel/brand.ts';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';
import type { Lease } from '../../ledger/work-queue.ts';
import { unmetNeeds } from './capabilities.ts';
import { type Examined, type ExaminedRun, examineRun } from './examine-run.ts';
import { FairShare } from './fair-share.ts';
import { isAway, isLasting } from './ledger-away.ts';
import type { QueueLog } from './queue-log.ts';
import type { QueuedRun, QueueState } from './queue-state.ts';
import { RunKit } from './run-kit.ts';
import type { WorkerServices } from './worker-services.ts';

/** How often a worker looks at a whole run of which there is nothing to take, when it did nothing for that run itself. */
const examineMs = 1000;

/** An episode to be worked on, and what it is worked on with. */
export interface Found {
  readonly lease: Lease;
  readonly kit: RunKit;
}

export interface ScoutServices extends WorkerServices {
  readonly log: QueueLog;
  readonly leave: AbortSignal;
  /** A run is queued whose lease is so long. */
  readonly onShorterLease: (leaseMs: number) => void;
}

interface Known extends ExaminedRun {
  readonly kit: RunKit;
  examined: Examined | null;
  examinedMs: number;
}

/** Looks for the next episode, one look at a time: which runs are queued, which of them are for this worker, whose turn it is. */
export class Scout {
  readonly #services: ScoutServices;
  readonly #share = new FairShare();
  readonly #known = new Map<StreamName, Known>();
  readonly #unsuitable = new Set<StreamName>();
  readonly #underWay = new Map<StreamName, number>();

  constructor(services: ScoutServices) {
    this.#services = services;
  }

  /**
   * The next episode; null where there is none now but may be one soon, `idle` where nothing is left of any run.
   *
   * @throws PawlError `WORKER_UNSUITABLE`; what the ledger and the queue throw
   */
  async look(): Promise<Found | 'idle' | null> {
    const { log, queue, identity, leave } = this.#services;
    const state = await log.refresh();
    await this.#forget(state);
    const runs = this.#mine(state);
    let idle = true;
    for (const run of this.#share.order(runs)) {
      const queued = state.get(run) as QueuedRun;
      const known = await this.#open(queued);
      if (known === null) continue;
      const lease = await queue.take(run, identity.worker, 0, leave);
      if (lease !== null) {
        this.#share.took(run);
        this.#underWay.set(run, (this.#underWay.get(run) ?? 0) + 1);
        return { lease, kit: known.kit };
      }
      this.#share.missed(run);
      const examined = await this.#examine(queued, known);
      if (examined.offered > 0) return null;
      if (examined.open > 0) idle = false;
    }
    return idle ? 'idle' : null;
  }

  /** An episode that was found is not worked on any more. It may have been the last of its run. */
  leftOne(run: StreamName): void {
    this.#underWay.set(run, (this.#underWay.get(run) ?? 1) - 1);
    const known = this.#known.get(run);
    if (known !== undefined) known.examinedMs = Number.NEGATIVE_INFINITY;
  }

  async close(): Promise<void> {
    for (const { kit } of this.#known.values()) await kit.close();
    this.#known.clear();
  }

  #mine(state: QueueState): readonly StreamName[] {
    const { only, identity } = this.#services;
    const mine: StreamName[] = [];
    for (const { run, needs, leaseMs } of state.values()) {
      if (only !== null && !only.includes(run)) continue;
      if (this.#unsuitable.has(run)) continue;
      const unmet = unmetNeeds(needs, identity.capabilities);
      if (unmet.length > 0) {
        this.#refuse(run, `it needs ${unmet.join(', ')}, which this worker does not have`);
        continue;
      }
      this.#services.onShorterLease(leaseMs);
      mine.push(run);
    }
    return mine;
  }

  async #open(queued: QueuedRun): Promise<Known | null> {
    const { run } = queued;
    const known = this.#known.get(run);
    if (known !== undefined) return known;
    try {
      const kit = await RunKit.open(queued, this.#services);
      const opened = {
        ...{ kit, episodes: kit.episodes, ended: new Set<StreamName>() },
        ...{ examined: null, examinedMs: Number.NEGATIVE_INFINITY },
      };
      this.#known.set(run, opened);
      return opened;
    } catch (error) {
      if (isAway(error) || isLasting(error) || this.#services.leave.aborted) throw error;
      // Another build or another machine may be able to; nothing of it was taken. What a run is made of was written by anybody
      // who may write to the ledger, and must not end a worker that could work on others.
      this.#refuse(run, messageOf(error));
      return null;
    }
  }

  #refuse(run: StreamName, why: string): void {
    this.#unsuitable.add(run);
    if (this.#services.only?.includes(run) !== true) {
      this.#services.onNews({ kind: 'unsuitable', run, why });
      return;
    }
    throw new PawlError(
      'WORKER_UNSUITABLE',
      `This worker cannot work on ${run}: ${why}. Say what else it can with --can, or start it where that is so.`,
      { context: { run } },
    );
  }

  async #examine(queued: QueuedRun, known: Known): Promise<Examined> {
    const { clock, leave, onNews } = this.#services;
    const nowMs = clock.monotonic();
    if (known.examined !== null && nowMs - known.examinedMs < examineMs) return known.examined;
    known.examinedMs = nowMs;
    known.examined = await examineRun(queued, known, this.#services, leave);
    const { finished, offered } = known.examined;
    if (finished) onNews({ kind: 'settled', run: queued.run });
    if (offered > 0) onNews({ kind: 'repaired', run: queued.run });
    return known.examined;
  }

  /** What is not queued any more and not under way here. */
  async #forget(state: QueueState): Promise<void> {
    for (const [run, { kit }] of this.#known) {
      if (state.has(run) || (this.#underWay.get(run) ?? 0) > 0) continue;
      this.#known.delete(run);
      this.#underWay.delete(run);
      await kit.close();
    }
    for (const run of this.#unsuitable) if (!state.has(run)) this.#unsuitable.delete(run);
  }
}
