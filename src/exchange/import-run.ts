import type { PawlEvent } from '../events/catalogue.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { EventDraft } from '../events/record.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { NewBlob } from '../ledger/event-store.ts';
import { type Ledger, newBlob, type WriterContext } from '../ledger/ledger.ts';
import { appendSurely } from '../loop/append-surely.ts';
import { episodeStarted } from '../loop/episode-started.ts';
import type { EpisodeData } from '../loop/episode-state.ts';
import { type RegisteredTask, registerSuite } from '../loop/register-suite.ts';
import { type RunData, type RunState, readRunState } from '../loop/run-state.ts';
import type { ImportPlan } from './import-plan.ts';

/** What an import works with; nothing else is reached for. */
export interface ImportServices {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly clock: Clock;
  /** Told of every episode once it is durable, also of those that were there before. */
  readonly onEpisode: (end: EpisodeData<'EpisodeFinished'>, stream: StreamName) => void;
  /** Aborted: write what has begun, then stop; the same import goes on there later. */
  readonly pause: AbortSignal;
}

/** How an import ended, with sums over the episodes that the ledger now holds of it. */
export interface ImportOutcome {
  readonly run: StreamName;
  /** `present`: the ledger held it whole, and nothing was written. `paused`: stopped before the end. */
  readonly status: 'imported' | 'present' | 'paused';
  readonly episodes: number;
  /** Programs in the file, repeated ones too. */
  readonly programs: number;
  readonly publicPass: number;
  readonly hiddenPass: number;
}

/** Enough that the store can make many of them durable at once. */
const episodesAtATime = 32;

/**
 * Writes another tool's run as if it had been recorded here: one run, an episode for each row, each with the row it comes from.
 * An episode is one append, so a crash leaves whole episodes, and the same import again writes those that are missing; when
 * nothing is missing, it writes nothing.
 *
 * @param plan from `planImport`, which checked every row
 * @throws PawlError whatever the ledger throws
 */
export async function importRun(plan: ImportPlan, services: ImportServices): Promise<ImportOutcome> {
  const tasks = await registerSuite(services.ledger, plan.suite, services.writer);
  return new ImportSession(plan, tasks, services).work();
}

class ImportSession {
  readonly #plan: ImportPlan;
  readonly #tasks: ReadonlyMap<string, RegisteredTask>;
  readonly #services: ImportServices;
  readonly #startMs: number;

  constructor(plan: ImportPlan, tasks: ReadonlyMap<string, RegisteredTask>, services: ImportServices) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#services = services;
    this.#startMs = services.clock.monotonic();
  }

  async work(): Promise<ImportOutcome> {
    const { run, runEvents } = this.#plan;
    const { ledger, pause } = this.#services;
    await this.#appendOnce(run, -1, null, runEvents, []);
    const state = await readRunState(ledger, run);
    if (state.finished !== null) return this.#outcome('present', state.finished);
    const ends: EpisodeData<'EpisodeFinished'>[] = [];
    for (let from = 0; from < state.episodes.length; from += episodesAtATime) {
      if (pause.aborted) return this.#outcome('paused', counted(ends));
      const some = state.episodes.slice(from, from + episodesAtATime);
      ends.push(...(await Promise.all(some.map((scheduled) => this.#writeEpisode(state, scheduled)))));
    }
    const volatile = { wallMs: Math.round(this.#services.clock.monotonic() - this.#startMs) };
    const finished = { ...counted(ends), volatile };
    await this.#appendOnce(run, state.revision, state.lastId, [{ type: 'RunFinished', data: finished }], []);
    return this.#outcome('imported', finished);
  }

  async #writeEpisode(
    state: RunState,
    scheduled: RunData<'EpisodeScheduled'>,
  ): Promise<EpisodeData<'EpisodeFinished'>> {
    const { ledger, onEpisode } = this.#services;
    const { text, events, texts } = this.#plan.episodeAt(scheduled.index);
    const source = newBlob(text);
    const start = { ...episodeStarted(state, scheduled, this.#tasks), source: source.ref };
    if ((await ledger.lastRevision(scheduled.episode)) === -1) {
      const blobs = [source.blob, ...texts.map((each) => newBlob(each).blob)];
      const whole: readonly EpisodeEvent[] = [{ type: 'EpisodeStarted', data: start }, ...events];
      await this.#appendOnce(scheduled.episode, -1, null, whole, blobs);
    }
    const end = endOf(events);
    onEpisode(end, scheduled.episode);
    return end;
  }

  /** Nothing where somebody else has written the same meanwhile: what an import writes follows from the file alone. */
  async #appendOnce(
    stream: StreamName,
    expectedRevision: number,
    causation: EventId | null,
    events: readonly PawlEvent[],
    blobs: readonly NewBlob[],
  ): Promise<void> {
    const { ledger, writer, clock } = this.#services;
    if ((await ledger.lastRevision(stream)) > expectedRevision) return;
    const drafts: EventDraft[] = [];
    for (const event of events) drafts.push(ledger.draft(event, writer, drafts.at(-1)?.id ?? causation));
    try {
      const signal = new AbortController().signal;
      await appendSurely(ledger, stream, expectedRevision, drafts, blobs, { clock, signal });
    } catch (error) {
      const written = (await ledger.lastRevision(stream)) > expectedRevision;
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION') || !written) throw error;
    }
  }

  #outcome(status: ImportOutcome['status'], sums: ReturnType<typeof counted>): ImportOutcome {
    const { run, programs } = this.#plan;
    const { episodes, publicPass, hiddenPass } = sums;
    return { run, status, episodes, programs, publicPass, hiddenPass };
  }
}

function endOf(events: readonly EpisodeEvent[]): EpisodeData<'EpisodeFinished'> {
  const last = events.at(-1);
  if (last?.type === 'EpisodeFinished') return last.data;
  throw new TypeError('An importer ends each episode with EpisodeFinished.');
}

function counted(ends: readonly EpisodeData<'EpisodeFinished'>[]) {
  return {
    episodes: ends.length,
    publicPass: ends.filter(({ publicPass }) => publicPass).length,
    hiddenPass: ends.filter(({ hiddenPass }) => hiddenPass).length,
  };
}
