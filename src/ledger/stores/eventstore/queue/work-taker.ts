import type { StreamName } from '../../../../kernel/brand.ts';
import type { Lease } from '../../../work-queue.ts';
import { type HeldLease, HeldLeases } from '../../held-leases.ts';
import { judgeTake } from '../../judge-take.ts';
import type { KeptItem } from '../../kept-item.ts';
import { type Settlement, settleItem } from '../../settle-item.ts';
import type { GroupMessage } from '../log-client.ts';
import type { LeaseStreams } from './lease-streams.ts';
import { readEvent } from './queue-log.ts';
import { type LeaseEntry, workSchema } from './queue-shapes.ts';
import type { RunBoard } from './run-board.ts';
import type { WorkerSigns } from './worker-signs.ts';

/** How often one item is tried for while others change it; then the next one is looked at. */
const triesMax = 8;
/** Part of a lease; a claim that took as long is looked at once more. */
const lateClaim = 0.5;

/** What a lease was granted on: enough to settle it with one append when nothing has happened since. */
interface Grip {
  readonly board: RunBoard;
  entry: LeaseEntry;
  /** Somebody has seen a beat of ours since: from now on it is safe as long as we beat in time. */
  isChecked: boolean;
}

/** What became of one item that a worker looked at. */
type Look =
  | { readonly kind: 'mine'; readonly lease: Lease }
  | { readonly kind: 'not to be had' }
  | { readonly kind: 'gone' };

/**
 * Takes items and gives them back. A message of the server says no more than where to look first: what is to be had is decided
 * by the last event of the item's lease stream, and whoever writes the next one at that exact revision has it.
 */
export class WorkTaker {
  readonly #leases: LeaseStreams;
  readonly #signs: WorkerSigns;
  readonly #monotonic: () => number;
  readonly #grips = new WeakMap<HeldLease, Grip>();
  /** Grants of this process that are claimed and not settled. */
  readonly #mine = new Set<string>();
  readonly #held = new HeldLeases((held, how) => this.#settle(held, how));
  #claims = 0;

  constructor(leases: LeaseStreams, signs: WorkerSigns, monotonic: () => number) {
    this.#leases = leases;
    this.#signs = signs;
    this.#monotonic = monotonic;
  }

  /**
   * The item of a message, if it is to be had. The message is answered once the lease says so: should that be lost, the item
   * comes again, and is not to be had. `deleted`: the run was withdrawn.
   */
  async consider(board: RunBoard, message: GroupMessage, worker: string): Promise<Lease | null | 'deleted'> {
    const work = readEvent(message.event, workSchema);
    if (work === null) {
      answer(message);
      return null;
    }
    // What is new and handed out for the first time has almost never been taken; if it has, the exact revision says so.
    const isFresh = work.kind === 'item' && message.retries === 0;
    const entry = isFresh ? board.entry(work.episode) : await this.#leases.read(board, work.episode);
    if (entry === 'deleted') return entry;
    const look = await this.#tryFor(board, work.episode, entry, worker, false);
    if (look.kind === 'gone') return 'deleted';
    answer(message);
    return look.kind === 'mine' ? look.lease : null;
  }

  /** Looks at all items of a run that are open, and takes the first that is to be had. */
  async round(board: RunBoard, worker: string): Promise<Lease | null | 'deleted'> {
    if ((await board.refresh()) === 'deleted') return 'deleted';
    await this.#signs.look(holdersOf(board, worker));
    for (const episode of board.open) {
      const look = await this.#tryFor(board, episode, board.entry(episode), worker, true);
      if (look.kind === 'gone') return 'deleted';
      if (look.kind === 'mine') return look.lease;
    }
    return null;
  }

  /**
   * Sees which items of a worker others have taken over. One read per item.
   *
   * @param all false: only those that were not looked at before
   */
  async check(worker: string, all: boolean): Promise<void> {
    for (const held of this.#held.of(worker)) {
      const grip = this.#grips.get(held);
      if (grip === undefined || (grip.isChecked && !all)) continue;
      grip.isChecked = true;
      const entry = await this.#leases.read(grip.board, held.item.episode);
      this.#held.learn(held, entry === 'deleted' ? undefined : entry.item);
    }
  }

  /** @param isWatched it was just seen what its holder has taken, and its last beat: without that, silence is not known */
  async #tryFor(
    board: RunBoard,
    episode: StreamName,
    known: LeaseEntry,
    worker: string,
    isWatched: boolean,
  ): Promise<Look> {
    let entry = known;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const { item } = entry;
      if (item.state === 'taken' && item.worker === worker) return this.#adopt(board, episode, entry, worker);
      // What others have changed meanwhile is a sign of them.
      const isSilent = isWatched && tries === 0 && item.worker !== null;
      const silentMs = isSilent ? this.#signs.silentMs(item.worker ?? '') : 0;
      const judgement = judgeTake(item, worker, silentMs, board.place.terms);
      if (judgement.kind === 'refused') return { kind: 'not to be had' };
      this.#claims += 1;
      const key = `${worker} ${this.#claims}`;
      const grant = `${board.place.generation} ${episode} ${entry.revision + 1} ${key}`;
      const next: KeptItem =
        judgement.kind === 'parked'
          ? { ...item, state: 'parked', reason: judgement.reason }
          : { ...item, state: 'taken', attempts: judgement.attempt, grant, worker, why: null };
      const startedMs = this.#monotonic();
      const written = await this.#claim(board, episode, entry.revision, next, key);
      if (written === 'deleted') return { kind: 'gone' };
      if (written === 'beaten') {
        const read = await this.#leases.read(board, episode);
        if (read === 'deleted') return { kind: 'gone' };
        entry = read;
        continue;
      }
      if (judgement.kind === 'parked') return { kind: 'not to be had' };
      const tookMs = this.#monotonic() - startedMs;
      // A claim that took so long, over a link that was cut, may have lapsed before anybody could begin.
      if (tookMs >= board.place.terms.leaseMs * lateClaim) {
        this.#mine.delete(grant);
        return this.#adopt(board, episode, written, worker, judgement.from);
      }
      return { kind: 'mine', lease: this.#grant(board, written, episode, judgement.attempt, judgement.from) };
    }
    return { kind: 'not to be had' };
  }

  /** While a claim is under way it counts as ours: else another slot could take it for one whose answer was lost. */
  async #claim(
    board: RunBoard,
    episode: StreamName,
    expected: number,
    next: KeptItem,
    key: string,
  ): Promise<LeaseEntry | 'beaten' | 'deleted'> {
    const grant = next.grant ?? '';
    const isNew = next.state === 'taken';
    if (isNew) this.#mine.add(grant);
    let written: LeaseEntry | 'beaten' | 'deleted' = 'beaten';
    try {
      written = await this.#leases.write(board, episode, expected, next, key);
      return written;
    } finally {
      if (isNew && typeof written !== 'object') this.#mine.delete(grant);
    }
  }

  /**
   * An item that this worker has without knowing it, because the answer to its claim never came or came late. Nobody else would
   * get it while it lives.
   */
  async #adopt(
    board: RunBoard,
    episode: StreamName,
    entry: LeaseEntry,
    worker: string,
    from: Lease['from'] = null,
  ): Promise<Look> {
    const { grant, attempts } = entry.item;
    if (grant === null || this.#mine.has(grant)) return { kind: 'not to be had' };
    this.#mine.add(grant);
    const read = await this.#leases.read(board, episode).catch((error: unknown) => {
      this.#mine.delete(grant);
      throw error;
    });
    const isSo = read !== 'deleted' && read.item.grant === grant && read.item.state === 'taken';
    if (isSo && read.item.worker === worker) {
      return { kind: 'mine', lease: this.#grant(board, read, episode, attempts, from) };
    }
    this.#mine.delete(grant);
    return read === 'deleted' ? { kind: 'gone' } : { kind: 'not to be had' };
  }

  #grant(
    board: RunBoard,
    entry: LeaseEntry,
    episode: StreamName,
    attempt: number,
    from: Lease['from'],
  ): Lease {
    const { grant, worker } = entry.item;
    const held = { item: { run: board.place.run, episode }, worker: worker ?? '', grant: grant ?? '' };
    this.#grips.set(held, { board, entry, isChecked: false });
    return this.#held.grant(held, attempt, from);
  }

  async #settle(held: HeldLease, how: Settlement): Promise<KeptItem | undefined> {
    const grip = this.#grips.get(held);
    if (grip === undefined) return undefined;
    const { board } = grip;
    const { episode } = held.item;
    for (;;) {
      const after = settleItem(grip.entry.item, held.grant, how, board.place.terms.attemptsMax);
      if (after === null) {
        this.#mine.delete(held.grant);
        return grip.entry.item;
      }
      const key = `${held.grant} ${how.kind}`;
      const written = await this.#leases.write(board, episode, grip.entry.revision, after, key);
      const known = written === 'beaten' ? await this.#leases.read(board, episode) : written;
      if (known === 'deleted') {
        this.#mine.delete(held.grant);
        return undefined;
      }
      grip.entry = known;
      if (written === 'beaten') continue;
      this.#mine.delete(held.grant);
      if (after.state === 'waiting') await this.#leases.announce(board, episode, known.revision);
      return after;
    }
  }
}

/** Not waited for: an answer that is lost, or late, costs a second look at the item and no more. */
function answer(message: GroupMessage): void {
  message.acknowledge().catch(() => undefined);
}

/** Who has something of the run, and what. */
function holdersOf(board: RunBoard, except: string): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const episode of board.open) {
    const { state, worker, grant } = board.entry(episode).item;
    if (state !== 'taken' || worker === null || worker === except) continue;
    const grants = holders.get(worker) ?? [];
    holders.set(worker, grants);
    if (grant !== null) grants.push(grant);
  }
  return holders;
}
