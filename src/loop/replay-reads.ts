import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { Imported } from '../events/run.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RegisteredTask } from './register-suite.ts';
import { registeredSuite } from './registered-suite.ts';
import { checkShape, Inconclusive } from './replay-stops.ts';
import type { RunData } from './run-state.ts';

/**
 * What an imported episode must hold after its first event, from its stored source row and its task. It comes from outside the
 * loop, which knows no other tool's format.
 *
 * @throws PawlError `IMPORT_FORMAT` for an importer that is not in this build; `IMPORT_INVALID` for a row that is none
 */
export type Rederive = (
  format: Pick<Imported, 'format' | 'formatVersion'>,
  row: string,
  task: TaskView,
) => readonly EpisodeEvent[];

/** What a run's stream begins with, which everything about its episodes follows from. */
export interface RunHead {
  readonly run: StreamName;
  readonly started: RunData<'RunStarted'>;
  readonly granted: RunData<'BudgetGranted'>;
  readonly scheduled: readonly RunData<'EpisodeScheduled'>[];
}

/** Enough for the runs that are replayed at one time. */
const keptMax = 8;

/** The ledger as replay reads it: nothing can be written through it, and what many episodes share is read once. */
export class ReplayReads {
  readonly ledger: Ledger;
  readonly rederive: Rederive | null;
  readonly #runs = new Map<StreamName, Promise<RunHead | null>>();
  readonly #suites = new Map<Digest, Promise<ReadonlyMap<string, RegisteredTask>>>();

  constructor(ledger: Ledger, rederive: Rederive | null) {
    this.ledger = ledger;
    this.rederive = rederive;
  }

  async events(stream: StreamName): Promise<readonly AnyRecordedEvent[]> {
    const events: AnyRecordedEvent[] = [];
    for await (const event of this.ledger.readStream(stream)) events.push(event);
    return events;
  }

  /**
   * Null where the stream does not begin as a run does.
   *
   * @throws Diverged where what it begins with has no such data as its type allows
   */
  run(run: StreamName): Promise<RunHead | null> {
    return kept(this.#runs, run, () => this.#readRun(run));
  }

  /** @throws PawlError `SUITE_NOT_FOUND`, `BLOB_NOT_FOUND`, `BLOB_ERASED` */
  suite(suite: Digest): Promise<ReadonlyMap<string, RegisteredTask>> {
    return kept(this.#suites, suite, () => this.#readSuite(suite));
  }

  async #readSuite(suite: Digest): Promise<ReadonlyMap<string, RegisteredTask>> {
    try {
      return await registeredSuite(this.ledger, suite);
    } catch (error) {
      if (isPawlError(error)) throw error;
      throw new Inconclusive(`a manifest of the suite ${suite} that can be read`);
    }
  }

  async #readRun(run: StreamName): Promise<RunHead | null> {
    let started: RunData<'RunStarted'> | undefined;
    let granted: RunData<'BudgetGranted'> | undefined;
    const scheduled: RunData<'EpisodeScheduled'>[] = [];
    for await (const event of this.ledger.readStream(run)) {
      const { type, data, revision } = event;
      // Whatever is derived from these takes them for what their types allow.
      if (revision < 2) checkShape(event);
      // `startRuns` writes these in this order, in one append.
      if (revision === 0 && type === 'RunStarted') started = data;
      else if (revision === 1 && type === 'BudgetGranted') granted = data;
      else if (type === 'EpisodeScheduled' && revision === 2 + scheduled.length) scheduled.push(data);
      else break;
    }
    return started === undefined || granted === undefined ? null : { run, started, granted, scheduled };
  }
}

function kept<Key, Value>(cache: Map<Key, Promise<Value>>, key: Key, read: () => Promise<Value>) {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = read();
  const [oldest] = cache.keys();
  if (cache.size >= keptMax && oldest !== undefined) cache.delete(oldest);
  cache.set(key, value);
  return value;
}
