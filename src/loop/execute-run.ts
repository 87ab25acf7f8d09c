import { setMaxListeners } from 'node:events';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { Generator } from '../generators/generator.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { invariant, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { Contents } from './contents.ts';
import { openEpisode } from './open-episode.ts';
import type { RegisteredTask } from './register-suite.ts';
import { registeredSuite } from './registered-suite.ts';
import { type EpisodeSignals, runEpisode } from './run-episode.ts';
import { type RunData, type RunState, readRunState } from './run-state.ts';
import { WallTimer } from './wall-timer.ts';

export interface RunServices {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly generator: Generator;
  readonly scorer: Scorer;
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  /** Episodes that are worked on at a time. */
  readonly concurrency: number;
  readonly onEvent: (event: EpisodeEvent, stream: StreamName) => void;
}

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
 * @throws PawlError whatever the ledger throws; candidates' and generators' failures are events, not errors
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
  const session = new RunSession(state, tasks, services, signals);
  return session.work();
}

class RunSession {
  readonly #services: RunServices;
  readonly #signals: RunSignals;
  readonly #tasks: ReadonlyMap<string, RegisteredTask>;
  readonly #endings: RunData<'EpisodeFinished'>[] = [];
  readonly #timer: WallTimer;
  #state: RunState;
  #lastAt = 0;

  constructor(
    state: RunState,
    tasks: ReadonlyMap<string, RegisteredTask>,
    services: RunServices,
    signals: RunSignals,
  ) {
    this.#state = state;
    this.#tasks = tasks;
    this.#services = services;
    this.#signals = signals;
    this.#timer = new WallTimer(services.clock, state.granted.runWallMs);
  }

  async work(): Promise<RunOutcome> {
    const open = await this.#unfinishedEpisodes();
    this.#timer.start(this.#spentBefore());
    // Every episode under way listens to the same three signals.
    for (const signal of [this.#signals.pause, this.#signals.abort, this.#timer.signal])
      setMaxListeners(0, signal);
    try {
      if (this.#isResumed()) await this.#append({ type: 'RunResumed', data: { unfinished: open.length } });
      await this.#workOn(open);
      return await this.#end(open.length);
    } finally {
      this.#timer.stop();
    }
  }

  /** Also learns when the last session was last heard of, for the wall time it had used when it was killed. */
  async #unfinishedEpisodes(): Promise<readonly RunData<'EpisodeScheduled'>[]> {
    const open: RunData<'EpisodeScheduled'>[] = [];
    for (const scheduled of this.#state.episodes) {
      let finished = false;
      for await (const event of this.#services.ledger.readStream(scheduled.episode)) {
        this.#lastAt = Math.max(this.#lastAt, event.at);
        if (event.type !== 'EpisodeFinished') continue;
        this.#endings.push(event.data);
        finished = true;
      }
      if (!finished) open.push(scheduled);
    }
    return open;
  }

  #isResumed(): boolean {
    return this.#lastAt > 0 || this.#state.sessions.some(({ wallMs }) => wallMs !== null);
  }

  #spentBefore(): number {
    if (!this.#isResumed()) return 0;
    return this.#state.sessions.reduce(
      (sum, { at, wallMs }) => sum + (wallMs ?? Math.max(0, this.#lastAt - at)),
      0,
    );
  }

  async #workOn(open: readonly RunData<'EpisodeScheduled'>[]): Promise<void> {
    const queue = [...open];
    const stopped = new AbortController();
    const work = async (): Promise<void> => {
      for (;;) {
        if (this.#signals.pause.aborted || this.#timer.signal.aborted || stopped.signal.aborted) return;
        const next = queue.shift();
        if (next === undefined) return;
        try {
          await this.#episode(next);
        } catch (error) {
          stopped.abort();
          throw error;
        }
      }
    };
    const workers = Array.from({ length: Math.min(this.#services.concurrency, open.length) }, work);
    const ends = await Promise.allSettled(workers);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #episode(scheduled: RunData<'EpisodeScheduled'>): Promise<void> {
    const { ledger, writer, generator, scorer, sandbox, clock, onEvent } = this.#services;
    const opened = await openEpisode(ledger, scheduled.episode, this.#episodeStarted(scheduled));
    const { language } = opened.position.state.view;
    const fingerprint = this.#state.started.sandbox.find((known) => known.language === language);
    invariant(fingerprint !== undefined, `the run recorded the interpreter for ${language}`);
    const context = {
      ledger,
      writer,
      generator,
      scorer,
      sandbox,
      clock,
      onEvent,
      fingerprint,
      strategy: opened.strategy,
      hidden: opened.hidden,
      contents: new Contents(ledger),
    };
    const signals: EpisodeSignals = {
      pause: this.#signals.pause,
      abort: this.#signals.abort,
      outOfTime: this.#timer.signal,
      wallTime: () => this.#timer.reading(),
    };
    const { state } = await runEpisode(opened.position, context, signals);
    if (state.finished !== null) this.#endings.push(state.finished);
  }

  #episodeStarted({ index, task }: RunData<'EpisodeScheduled'>): RunData<'EpisodeStarted'> {
    const registered = this.#tasks.get(task);
    if (registered === undefined) {
      throw new PawlError('TASK_NOT_FOUND', `The suite of ${this.#state.run} has no task "${task}".`, {
        context: { task },
      });
    }
    const { strategy, generator, seed } = this.#state.started;
    return {
      run: this.#state.run,
      index,
      task,
      view: registered.view,
      hidden: registered.hidden,
      strategy,
      generator,
      // Not of the strategy: arms that are compared face the same draws.
      seed: `${seed}/${task}`,
      budget: this.#state.granted.episode,
    };
  }

  async #end(unfinishedBefore: number): Promise<RunOutcome> {
    const { run, episodes } = this.#state;
    const finished = this.#endings.length;
    const outOfTime = this.#timer.signal.aborted;
    if (outOfTime)
      await this.#append({ type: 'BudgetExhausted', data: { kind: 'wallTime', ...this.#timer.reading() } });
    const volatile = { wallMs: Math.round(this.#timer.sessionMs()) };
    if (finished < episodes.length && !outOfTime) {
      invariant(
        unfinishedBefore > 0 && this.#signals.pause.aborted,
        'only a pause leaves episodes unfinished',
      );
      await this.#append({ type: 'RunPaused', data: { reason: 'interrupted', volatile } });
      return { run, status: 'paused', episodesFinished: finished };
    }
    const publicPass = this.#endings.filter((ending) => ending.publicPass).length;
    const hiddenPass = this.#endings.filter((ending) => ending.hiddenPass).length;
    await this.#append({
      type: 'RunFinished',
      data: { episodes: finished, publicPass, hiddenPass, volatile },
    });
    return { run, status: 'finished', episodesFinished: finished };
  }

  async #append(event: Parameters<Ledger['draft']>[0]): Promise<void> {
    const { ledger, writer } = this.#services;
    const draft = ledger.draft(event, writer, this.#state.lastId);
    const { lastRevision } = await ledger.append(this.#state.run, this.#state.revision, [draft]);
    this.#state = { ...this.#state, revision: lastRevision, lastId: draft.id };
  }
}
