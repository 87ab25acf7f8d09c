import type { StreamName } from '../../../../kernel/brand.ts';
import { untouchedItem } from '../../kept-item.ts';
import { type QueueLog, readEvent } from './queue-log.ts';
import { boardSchema, type LeaseEntry, type Place, workSchema } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';

const untouched: LeaseEntry = { revision: -1, item: untouchedItem };

/**
 * All items of a run at a glance: what was offered, and the last that was posted of each. It may lag behind the leases, which
 * alone decide: whoever acts on what it says does so at the revision it names, and learns of its error.
 *
 * Only what is new is read, so that looking again is two short reads.
 */
export class RunBoard {
  readonly place: Place;
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;
  readonly #offered: StreamName[] = [];
  readonly #known = new Set<StreamName>();
  readonly #entries = new Map<StreamName, LeaseEntry>();
  readonly #open = new Set<StreamName>();
  #nextWork = 0;
  #nextPost = 0;

  constructor(log: QueueLog, streams: QueueStreams, place: Place) {
    this.#log = log;
    this.#streams = streams;
    this.place = place;
  }

  /** Where the stream of work ends, as far as it was read. */
  get lastWork(): number {
    return this.#nextWork - 1;
  }

  /** In the order of offering. */
  get episodes(): readonly StreamName[] {
    return this.#offered;
  }

  /** Items that wait or are taken. */
  get open(): readonly StreamName[] {
    return [...this.#open];
  }

  has(episode: StreamName): boolean {
    return this.#known.has(episode);
  }

  entry(episode: StreamName): LeaseEntry {
    return this.#entries.get(episode) ?? untouched;
  }

  /** Takes in how an item stood at a revision of its lease stream; what is older than what is known is ignored. */
  learn(episode: StreamName, entry: LeaseEntry): void {
    const { revision } = this.entry(episode);
    if (entry.revision <= revision) return;
    this.#entries.set(episode, entry);
    const { state } = entry.item;
    if (state === 'finished' || state === 'parked') this.#open.delete(episode);
    else if (this.#known.has(episode)) this.#open.add(episode);
  }

  /** Reads what is new. `deleted`: the run was withdrawn, or its streams are lost. */
  async refresh(): Promise<'current' | 'deleted'> {
    const [work, board] = await Promise.all([this.#readWork(), this.#readBoard()]);
    return work === 'deleted' || board === 'deleted' ? 'deleted' : 'current';
  }

  async #readWork(): Promise<'current' | 'deleted'> {
    for (;;) {
      const page = await this.#log.page(this.#streams.work(this.place), this.#nextWork);
      if (page === 'deleted') return page;
      for (const event of page.events) {
        this.#nextWork = Math.max(this.#nextWork, event.revision + 1);
        const message = readEvent(event, workSchema);
        if (message?.kind === 'item') this.#offer(message.episode);
      }
      if (!page.more) return 'current';
    }
  }

  async #readBoard(): Promise<'current' | 'deleted'> {
    for (;;) {
      const page = await this.#log.page(this.#streams.board(this.place), this.#nextPost);
      if (page === 'deleted') return page;
      for (const event of page.events) {
        this.#nextPost = Math.max(this.#nextPost, event.revision + 1);
        const post = readEvent(event, boardSchema);
        if (post !== null) this.learn(post.episode, post);
      }
      if (!page.more) return 'current';
    }
  }

  #offer(episode: StreamName): void {
    if (this.#known.has(episode)) return;
    this.#known.add(episode);
    this.#offered.push(episode);
    const { state } = this.entry(episode).item;
    if (state === 'waiting' || state === 'taken') this.#open.add(episode);
  }
}
