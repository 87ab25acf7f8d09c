import type { AnyRecordedEvent } from '../events/record.ts';
import { type EffectKey, effectKeyText } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { invariant, messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { advanceEpisode } from './advance-episode.ts';
import {
  type EpisodeData,
  type EpisodeState,
  evolveEpisode,
  initialEpisodeState,
  type PendingEffect,
} from './episode-state.ts';
import { executionInputDigest } from './execution-input.ts';
import { generationInputDigest, promptFor } from './generation-input.ts';
import { type IssueContext, requestFor } from './issue-command.ts';
import { asEpisodeEvent } from './open-episode.ts';

/** A branch that is yet to be made: what its first event will say, and all that its decisions follow from. */
export interface ForkStart {
  readonly started: EpisodeData<'EpisodeStarted'>;
  readonly view: TaskView;
  readonly strategy: AnyStrategy;
  readonly issue: IssueContext;
  /** Whether its prompts are rendered from another template than the parent's. */
  readonly otherPrompt: boolean;
}

/**
 * Finds where an episode is branched. Without a wish it is the last revision at which the search was still open (no answer
 * picked, no budget exhausted, no generator given up) and at which the changes can still take effect.
 *
 * @param parent its whole stream so far
 * @throws PawlError `FORK_INVALID` saying what does not fit and which revision would; `BLOB_ERASED`, `BLOB_NOT_FOUND`
 */
export async function forkPoint(
  episode: StreamName,
  parent: readonly AnyRecordedEvent[],
  wanted: number | null,
  start: ForkStart,
): Promise<number> {
  const points = new ForkPoints(parent, start);
  const refuse = (revision: number, problem: string, cause?: unknown): PawlError =>
    new PawlError('FORK_INVALID', `${episode} cannot be branched at revision ${revision}: ${problem}`, {
      context: { episode, revision },
      cause,
    });
  const revision = wanted ?? (await points.latestOpen());
  const problem = await points.problemAt(revision);
  if (problem !== null) throw refuse(revision, problem);
  try {
    await points.decideAt(revision);
  } catch (error) {
    if (error instanceof PawlError && error.code.startsWith('BLOB_')) throw error;
    throw refuse(revision, messageOf(error), error);
  }
  return revision;
}

class ForkPoints {
  readonly #parent: readonly AnyRecordedEvent[];
  readonly #start: ForkStart;
  /** By revision, folded the way the branch will see it; ends where the fold cannot go on. */
  readonly #states: EpisodeState[] = [];
  readonly #broken: string | null;

  constructor(parent: readonly AnyRecordedEvent[], start: ForkStart) {
    this.#parent = parent;
    this.#start = start;
    const { started, view, strategy } = start;
    let broken: string | null = null;
    try {
      let state = initialEpisodeState(started, view, strategy);
      this.#states.push(state);
      for (const event of parent.slice(1)) {
        state = evolveEpisode(state, asEpisodeEvent(event), strategy);
        this.#states.push(state);
      }
    } catch (error) {
      broken = messageOf(error);
    }
    this.#broken = broken;
  }

  async latestOpen(): Promise<number> {
    for (let revision = this.#searchEnd() - 1; revision > 0; revision -= 1) {
      if ((await this.problemAt(revision)) === null) return revision;
    }
    return 0;
  }

  /** What is wrong with this revision, as the end of a sentence; null when it will do. */
  async problemAt(revision: number): Promise<string | null> {
    const last = this.#parent.length - 1;
    if (!Number.isSafeInteger(revision) || revision < 0 || revision > last)
      return `it has revisions 0 to ${last}.`;
    const exam = this.#parent.findIndex(isExam);
    if (exam >= 0 && revision >= exam) {
      return `its answer was handed in at revision ${exam}, and what follows tells how it was graded. Branch at ${exam - 1} or earlier.`;
    }
    const state = this.#states[revision];
    if (state === undefined) {
      const { name } = this.#start.strategy;
      return `${name} cannot take up what happened by revision ${this.#states.length} (${this.#broken}). Branch at ${this.#states.length - 1} or earlier.`;
    }
    return (
      this.#commandProblem(revision) ??
      this.#pickedProblem(state) ??
      this.#spentProblem(state) ??
      (await this.#pendingProblem(state))
    );
  }

  /** Decides what the branch decides first, and throws whatever that throws: before anything is written down. */
  async decideAt(revision: number): Promise<void> {
    const { strategy, issue } = this.#start;
    const state = this.#states[revision];
    invariant(state !== undefined, 'a revision without a problem has a state');
    await advanceEpisode(state, strategy, issue);
  }

  /** Revision of the event that ended the search, or the one after the last. */
  #searchEnd(): number {
    const givenUp = new Set<string>();
    for (const { type, data } of this.#parent) {
      if (type === 'GenerationFailed' && data.final) givenUp.add(effectOf(data.key));
    }
    const end = this.#parent.findIndex(
      ({ type, data }) =>
        type === 'FinalPicked' ||
        type === 'BudgetExhausted' ||
        (type === 'GenerationRequested' && givenUp.has(effectOf(data.key))),
    );
    return end < 0 ? this.#parent.length : end;
  }

  /** Several candidates are asked for with one command; a part of a command is nothing that anybody decided. */
  #commandProblem(revision: number): string | null {
    const whole = (at: number): boolean => {
      const [here, next] = [this.#parent[at], this.#parent[at + 1]];
      if (here?.type !== 'GenerationRequested' || next?.type !== 'GenerationRequested') return true;
      return here.data.key.ordinal !== next.data.key.ordinal || next.data.key.attempt > 0;
    };
    if (whole(revision)) return null;
    let [before, after] = [revision, revision];
    while (!whole(before)) before -= 1;
    while (!whole(after)) after += 1;
    return `it is in the middle of a request for several candidates. Branch at ${before} or at ${after}.`;
  }

  #pickedProblem({ picked, started }: EpisodeState): string | null {
    if (picked === null || this.#parent[0]?.type !== 'EpisodeStarted') return null;
    if (!this.#start.otherPrompt && setting(started) === setting(this.#parent[0].data)) return null;
    const at = this.#parent.findIndex(({ type }) => type === 'FinalPicked');
    return `the answer is picked, and no change matters any more. Branch at ${at - 1} or earlier.`;
  }

  /** Nobody can have drawn, executed or used more than the branch allows. A limit that is the parent's was kept by the parent. */
  #spentProblem({ spent, generationsRequested, started }: EpisodeState): string | null {
    const parent = this.#parent[0]?.type === 'EpisodeStarted' ? this.#parent[0].data : null;
    const most = started.strategy.params['candidates'];
    if (typeof most === 'number' && generationsRequested > most)
      return `${generationsRequested} candidates had been asked for, and ${started.strategy.name} with candidates=${most} asks for ${most}. Branch earlier, or allow more.`;
    const used = { ...spent, candidates: generationsRequested };
    for (const kind of ['candidates', 'executions', 'tokens'] as const) {
      const limit = started.budget[kind];
      if (limit === null || limit === parent?.budget[kind] || used[kind] <= limit) continue;
      return `${used[kind]} ${kind} had been used, and the branch may use ${limit}. Branch earlier, or allow more.`;
    }
    return null;
  }

  /** A request that is repeated in the branch must be one that the branch could have made: it may have to perform it. */
  async #pendingProblem(state: EpisodeState): Promise<string | null> {
    for (const effect of state.pending) {
      if ((await this.#inputOf(effect, state)) === effect.request.input) continue;
      const { key } = effect.request;
      const asked = this.#parent.findIndex(
        (event) =>
          (event.type === 'GenerationRequested' || event.type === 'ExecutionRequested') &&
          effectKeyText(event.data.key) === effectKeyText(key),
      );
      return `${effect.kind} ${effectKeyText(key)} was under way, and the branch would ask for something else. Branch before it was asked for, at ${asked - 1} or earlier, or after it ended.`;
    }
    return null;
  }

  async #inputOf(effect: PendingEffect, state: EpisodeState): Promise<string> {
    const { issue } = this.#start;
    if (effect.kind === 'generation') {
      const prompt = await promptFor(effect.request.dialogue, state, issue);
      return generationInputDigest(state, { ...effect.request, prompt }, issue);
    }
    const { candidate, tests } = effect.request;
    return executionInputDigest(await requestFor(candidate, tests, state, issue), issue.fingerprint);
  }
}

/** From here on the stream tells how the answer does against hidden tests, or that it is over. */
function isExam({ type, data }: AnyRecordedEvent): boolean {
  return type === 'EpisodeFinished' || ('tests' in data && data.tests === 'hidden');
}

function setting({ strategy, generator, seed, budget }: EpisodeData<'EpisodeStarted'>): string {
  return canonicalJson({ strategy, generator, seed, budget });
}

function effectOf({ ordinal, occurrence }: EffectKey): string {
  return `${ordinal}.${occurrence}`;
}
