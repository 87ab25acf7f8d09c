import type { StreamName } from '../../../../kernel/brand.ts';
import { type KeptItem, untouchedItem } from '../../kept-item.ts';
import { type QueueLog, readEvent } from './queue-log.ts';
import { keptItemSchema, type LeaseEntry } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';
import type { RunBoard } from './run-board.ts';

/** The leases: one stream per item, whose last event says how it stands, each written at an exact revision. */
export class LeaseStreams {
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;

  constructor(log: QueueLog, streams: QueueStreams) {
    this.#log = log;
    this.#streams = streams;
  }

  /** `deleted`: the run was withdrawn. What was read is on the board afterwards, so that a post that was lost is made up for. */
  async read(board: RunBoard, episode: StreamName): Promise<LeaseEntry | 'deleted'> {
    const last = await this.#log.last(this.#streams.lease(board.place, episode));
    if (last === 'deleted') return last;
    const item = last === null ? null : readEvent(last, keptItemSchema);
    if (last === null || item === null) return { revision: -1, item: untouchedItem };
    const entry = { revision: last.revision, item };
    if (entry.revision > board.entry(episode).revision) await this.#post(board, episode, entry);
    return entry;
  }

  /** @param key names this writing; the same key at the same revision is the same writing */
  async write(
    board: RunBoard,
    episode: StreamName,
    expected: number,
    item: KeptItem,
    key: string,
  ): Promise<LeaseEntry | 'beaten' | 'deleted'> {
    const stream = this.#streams.lease(board.place, episode);
    const outcome = await this.#log.write(stream, expected, [{ key: `${expected + 1} ${key}`, data: item }]);
    if (typeof outcome !== 'object') return outcome;
    const entry = { revision: outcome.revision, item };
    await this.#post(board, episode, entry);
    return entry;
  }

  /** Says to whoever waits that an item may be taken again. */
  async announce({ place }: RunBoard, episode: StreamName, revision: number): Promise<void> {
    const event = { key: `again ${episode} ${revision}`, data: { kind: 'again', episode } };
    await this.#log.write(this.#streams.work(place), 'any', [event]);
  }

  async #post(board: RunBoard, episode: StreamName, entry: LeaseEntry): Promise<void> {
    const event = { key: `${episode} ${entry.revision}`, data: { episode, ...entry } };
    await this.#log.write(this.#streams.board(board.place), 'any', [event]);
    // Not before: what is known here but not posted would never be made up for.
    board.learn(episode, entry);
  }
}
