import { setMaxListeners } from 'node:events';
import type { PawlEvent } from '../events/catalogue.ts';
import type { EventDraft } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { invariant, isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { appendSurely } from './append-surely.ts';
import type { Environment } from './current-environment.ts';
import { lookBack } from './look-back.ts';
import { isMachineFault } from './machine-fault.ts';
import { registeredSuite } from './registered-suite.ts';
import type { EpisodeSignals } from './run-episode.ts';
import { runPrompt } from './run-prompt.ts';
import { type RunData, type RunState, readRunState } from './run-state.ts';
import { WallTimer } from './wall-timer.ts';
import { type EpisodeServices, type RunContents, workOnEpisode } from './work-on-episode.ts';

/** All that a session of a run works with; nothing else is reached for. */
export interface RunServices extends EpisodeServices {
  /** What all of this runs on; every session writes it down before it does anything else. */
  readonly environment: Environment;
  /** Episodes that are worked on at a time. */
  readonly concurrency: number;
}

/** The two ways to stop a session early. */
export interface RunSignals {
  /** Aborted: finish what is under way, record it, then stop. */
  readonly pause: AbortSignal;
  /** Aborted: stop at once; the ledger is as after a crash, and the run can be resumed. */
  readonly abort: AbortSignal;
}

/** How one session of a run ended. */
export interface RunOutcome {
  readonly run: StreamName;
  readonly status: 'finished' | 'paused';
  readonly episodesFinished: number;
}

/**
 * Works on a run until every episode has finished, whether the run is new or was stopped or killed before: what has an
 * outcome is never done again, what was requested without an outcome is.
 *
 * @throws PawlError whatever the ledger throws, `SCORER_NOT_FOUND`, `STRATEGY_NOT_FOUND`, `STRATEGY_STALLED`,
 * `PROMPT_TEMPLATE_INVALID`, and what is wrong with the sandbox as a whole (`ENGINE_UNREACHABLE`, `IMAGE_MISSING` …), after
 * which the run is paused; candidates' and generators' failures are events. Also the abort signal's reason.
 */
export async function executeRun(
  run: StreamName,
  services: RunServices,
  signals: RunSignals,
): Promise<RunOutcome> {
  const { ledger } = services;
  const state = await readRunState(ledger, run);
  if (state.finished !== null) return { run, status: 'finished', episodesFinished: state.finished.episodes };
  const tasks = await registeredSuite(ledger, state.started.suite);
  checkScorer(state, services.scorer);
  const template = await runPrompt(ledger, state.started);
  const session = new RunSession(state, { tasks, template }, services, signals);
  return session.work();
}

function checkScorer({ run, started }: RunState, { name, version }: Scorer): void {
  if (name === started.scorer.name && version === started.scorer.version) return;
  throw new PawlError(
    'SCORER_NOT_FOUND',
    `${run} scores with ${started.scorer.name} version ${started.scorer.version}, not with ${name} version ${version}. Go on with the build it began with.`,
    { context: { run } },
  );
}

function paused(cause: PawlError): PawlError {
  const message = `${cause.message} (The run is paused. Nothing is concluded about a candidate, and whatever was recorded is kept: see to this, then resume the run.)`;
  return new PawlError(cause.code, message, { context: cause.context, cause });
}

class RunSession {
  readonly #services: RunServices;
  readonly #signals: RunSignals;
  readonly #given: RunContents;
  readonly #timer: WallTimer;
  readonly #failed = new AbortController();
  #begun = new Set<StreamName>();
  #endings = new Map<StreamName, RunData<'EpisodeFinished'>>();
  #state: RunState;

  constructor(state: RunState, given: RunContents, services: RunServices, signals: RunSignals) {
    this.#state = state;
    this.#given = given;
    this.#services = services;
    // When one episode cannot go on, the others record what they have under way and stop, as for a pause.
    this.#signals = { ...signals, pause: AbortSignal.any([signals.pause, this.#failed.signal]) };
    this.#timer = new WallTimer(services.clock, state.granted.runWallMs);
  }

  async work(): Promise<RunOutcome> {
    const { begun, endings, wallMs } = await lookBack(this.#services.ledger, this.#state);
    this.#begun = new Set(begun);
    this.#endings = new Map(endings);
    const open = this.#unfinished();
    this.#timer.start(wallMs);
    // Every episode under way listens to the same three signals.
    for (const signal of [this.#signals.pause, this.#signals.abort, this.#timer.signal])
      setMaxListeners(0, signal);
    try {
      const environment: PawlEvent = { type: 'EnvironmentCaptured', data: this.#services.environment };
      if (this.#isResumed()) {
        await this.#append({ type: 'RunResumed', data: { unfinished: open.length } }, environment);
      } else await this.#append(environment);
      await this.#workOn(open);
      return await this.#end();
    } finally {
      this.#timer.stop();
    }
  }

  /** Those that have begun come first: out of time, they are still brought to an end. */
  #unfinished(): readonly RunData<'EpisodeScheduled'>[] {
    const open = this.#state.episodes.filter(({ episode }) => !this.#endings.has(episode));
    const isBegun = ({ episode }: RunData<'EpisodeScheduled'>) => this.#begun.has(episode);
    return [...open.filter(isBegun), ...open.filter((scheduled) => !isBegun(scheduled))];
  }

  /** A run that was written down and never worked on is begun, not resumed. */
  #isResumed(): boolean {
    const { sessions } = this.#state;
    return this.#begun.size > 0 || sessions.length > 1 || sessions.some(({ wallMs }) => wallMs !== null);
  }

  async #workOn(open: readonly RunData<'EpisodeScheduled'>[]): Promise<void> {
    const { concurrency } = this.#services;
    invariant(Number.isSafeInteger(concurrency) && concurrency > 0, 'at least one episode is worked on');
    const queue = [...open];
    let failure: { readonly error: unknown } | undefined;
    const work = async (): Promise<void> => {
      while (!this.#signals.pause.aborted && !this.#signals.abort.aborted) {
        const next = queue.shift();
        if (next === undefined) return;
        if (this.#timer.signal.aborted && !this.#begun.has(next.episode)) return;
        try {
          await this.#episode(next);
        } catch (error) {
          failure ??= { error };
          this.#failed.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, open.length) }, work));
    this.#signals.abort.throwIfAborted();
    if (failure === undefined) return;
    await this.#pauseAfter(failure.error);
    throw isMachineFault(failure.error) ? paused(failure.error) : failure.error;
  }

  async #episode(scheduled: RunData<'EpisodeScheduled'>): Promise<void> {
    const { episode } = scheduled;
    const signals: EpisodeSignals = {
      pause: this.#signals.pause,
      abort: this.#signals.abort,
      outOfTime: this.#timer.signal,
      wallTime: () => this.#timer.reading(),
    };
    this.#begun.add(episode);
    const services = this.#services;
    const { state } = await workOnEpisode(this.#state, scheduled, this.#given, services, signals);
    if (state.finished !== null) this.#endings.set(episode, state.finished);
  }

  async #end(): Promise<RunOutcome> {
    const { run, episodes } = this.#state;
    const finished = this.#endings.size;
    const outOfTime = this.#timer.signal.aborted;
    // Out of time, what has begun is ended and the rest never begins.
    const wanted = outOfTime ? this.#begun.size : episodes.length;
    if (finished < wanted) {
      invariant(this.#signals.pause.aborted, 'only a pause leaves episodes unfinished');
      await this.#append(this.#paused('interrupted'));
      return { run, status: 'paused', episodesFinished: finished };
    }
    const endings = [...this.#endings.values()];
    const ending: PawlEvent = {
      type: 'RunFinished',
      data: {
        episodes: finished,
        publicPass: endings.filter(({ publicPass }) => publicPass).length,
        hiddenPass: endings.filter(({ hiddenPass }) => hiddenPass).length,
        volatile: this.#volatile(),
      },
    };
    const spent = this.#timer.reading();
    if (outOfTime)
      await this.#append({ type: 'BudgetExhausted', data: { kind: 'wallTime', ...spent } }, ending);
    else await this.#append(ending);
    return { run, status: 'finished', episodesFinished: finished };
  }

  /** As good as it goes: where the ledger itself is what failed, this fails too, and the first failure is what counts. */
  async #pauseAfter(failure: unknown): Promise<void> {
    // Another session goes on with this run; it is not paused.
    if (isPawlError(failure, 'WRONG_EXPECTED_REVISION')) return;
    await this.#append(this.#paused('failure')).catch(() => undefined);
  }

  #paused(reason: RunData<'RunPaused'>['reason']): PawlEvent {
    return { type: 'RunPaused', data: { reason, volatile: this.#volatile() } };
  }

  #volatile(): { readonly wallMs: number } {
    return { wallMs: Math.round(this.#timer.sessionMs()) };
  }

  async #append(...events: readonly PawlEvent[]): Promise<void> {
    const { ledger, writer, clock } = this.#services;
    const { run, revision, lastId } = this.#state;
    const drafts: EventDraft[] = [];
    for (const event of events) drafts.push(ledger.draft(event, writer, drafts.at(-1)?.id ?? lastId));
    const options = { clock, signal: this.#signals.abort };
    const { lastRevision } = await appendSurely(ledger, run, revision, drafts, [], options);
    this.#state = { ...this.#state, revision: lastRevision, lastId: drafts.at(-1)?.id ?? null };
  }
}
