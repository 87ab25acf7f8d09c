import { WakeUp } from '../../wake-up.ts';
import type { GroupMessage } from '../log-client.ts';
import { GroupFeed } from './group-feed.ts';
import type { QueueLog } from './queue-log.ts';
import type { QueueStreams } from './queue-streams.ts';
import { watchersGroup, workersGroup } from './queue-streams.ts';
import type { RunBoard } from './run-board.ts';

/** How long a seat is kept when nobody asks: a worker that looks at several runs in turn comes back before that. */
const keptMs = 2_000;
/** The groups say nothing while they have nothing: how long the first word of one is waited for. */
const firstWordMs = 500;

/**
 * The place of one process at one run: it has joined the group of the workers, with one message in flight, and, once there was
 * nothing for it, that of the watchers. There are few duties, and whoever holds one looks after the whole run; so the cost of
 * watching does not grow with the number of those who have nothing to do.
 */
export class RunSeat {
  readonly board: RunBoard;
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;
  readonly #monotonic: () => number;
  readonly #changed = new WakeUp();
  readonly #work: GroupFeed;
  #watch: { readonly feed: GroupFeed; readonly sinceMs: number; firstWord: boolean } | null = null;
  #lookedMs: number;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(log: QueueLog, streams: QueueStreams, board: RunBoard, monotonic: () => number) {
    this.board = board;
    this.#log = log;
    this.#streams = streams;
    this.#monotonic = monotonic;
    this.#lookedMs = monotonic();
    this.#work = new GroupFeed(log.client, streams.work(board.place), workersGroup, this.#changed);
  }

  /** Why it is of no more use; undefined while it is. */
  get failure(): unknown {
    return this.#work.failure ?? this.#watch?.feed.failure;
  }

  get isOver(): boolean {
    return this.#closed || this.failure !== undefined;
  }

  get onDuty(): boolean {
    return this.#watch?.feed.holds === true;
  }

  enter(): void {
    this.#users += 1;
    clearTimeout(this.#timer);
  }

  leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#timer = setTimeout(() => void this.close(), keptMs);
    this.#timer.unref();
  }

  /** The next message for workers, if one comes in time. */
  async message(waitMs: number, signal: AbortSignal): Promise<GroupMessage | null> {
    const untilMs = performance.now() + waitMs;
    for (;;) {
      const message = this.#work.take();
      const leftMs = untilMs - performance.now();
      if (message !== null || this.isOver || signal.aborted || leftMs <= 0) return message;
      await this.#changed.wait(signal, leftMs);
    }
  }

  /**
   * On duty, and the last look at the whole run is so long ago. Where everybody always finds a message, nobody would look
   * otherwise, and what a dead worker had would wait until all else is done.
   */
  isDue(afterMs: number): boolean {
    return this.onDuty && this.#monotonic() - this.#lookedMs >= afterMs;
  }

  /** The whole run is being looked at. */
  looks(): void {
    this.#lookedMs = this.#monotonic();
  }

  /** Asks for a duty, and waits for none. */
  askForDuty(): void {
    // Nobody keeps one for longer than a lease: the server would give it to another, and those on duty would become ever more.
    const { leaseMs } = this.board.place.terms;
    if (this.#watch !== null && this.#monotonic() - this.#watch.sinceMs >= leaseMs) this.#standDown();
    if (this.#watch === null) {
      const stream = this.#streams.duty(this.board.place);
      const feed = new GroupFeed(this.#log.client, stream, watchersGroup, this.#changed);
      this.#watch = { feed, sinceMs: this.#monotonic(), firstWord: false };
    }
  }

  /** Asks for a duty, and waits until there is one or it is clear that others have them all. */
  async standUp(signal: AbortSignal): Promise<void> {
    this.askForDuty();
    const watch = this.#watch;
    if (watch === null || watch.firstWord) return;
    const untilMs = performance.now() + firstWordMs;
    for (;;) {
      const leftMs = untilMs - performance.now();
      if (watch.feed.holds || this.isOver || signal.aborted || leftMs <= 0) break;
      await this.#changed.wait(signal, leftMs);
    }
    watch.firstWord = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#changed.ring();
    await Promise.all([this.#work.leave(), this.#watch?.feed.leave()]);
  }

  #standDown(): void {
    const watch = this.#watch;
    this.#watch = null;
    void watch?.feed.leave();
  }
}
