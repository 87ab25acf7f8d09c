import type { StreamName } from '../../../../kernel/brand.ts';
import type { Place } from './queue-shapes.ts';

/** Consumers of the items of a run, and of the duties of those that find none. */
export const workersGroup = 'workers';
export const watchersGroup = 'watchers';

/**
 * Names of what the queue keeps. All that belongs to a run but its head carries a generation: a run that is offered again after
 * it was withdrawn starts with streams of its own, so that the old ones can be deleted for good.
 */
export class QueueStreams {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Type of all events of the queue; none begins as those of another prefix do. */
  get type(): string {
    return `${this.#prefix}-queue`;
  }

  /** Whether the run is offered, and on what terms. */
  head(run: StreamName): string {
    return `${this.#prefix}:queue-${run}`;
  }

  /** What there is to do: every item once, and again when it was given back. Handed out by the server to `workersGroup`. */
  work({ run, generation }: Place): string {
    return `${this.#prefix}:work-${generation}-${run}`;
  }

  /** What became of the items, copied from their leases for whoever wants to see them all. */
  board({ run, generation }: Place): string {
    return `${this.#prefix}:board-${generation}-${run}`;
  }

  /** The right to watch over a run, so many times; handed out by the server to `watchersGroup`. */
  duty({ run, generation }: Place): string {
    return `${this.#prefix}:duty-${generation}-${run}`;
  }

  /** How one item stands: the last event. Its exact revision decides between two that want it. */
  lease({ run, generation }: Place, episode: StreamName): string {
    return `${this.#prefix}:lease-${generation}-${run}-${episode}`;
  }

  worker(name: string): string {
    return `${this.#prefix}:worker-${name}`;
  }

  /** Every worker announces itself here, so that they can be found without looking through the whole log. */
  get workers(): string {
    return `${this.#prefix}:workers`;
  }
}
