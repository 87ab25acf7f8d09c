import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { FlagNumbers } from '../events/replay-flags.ts';
import type { Fingerprint } from '../events/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { ErrorCode } from '../kernel/error-table.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { strategyNamed } from '../strategies/registry.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { Contents } from './contents.ts';
import { decideEpisode } from './episode-decide.ts';
import { type EpisodeData, type EpisodeState, evolveEpisode, initialEpisodeState } from './episode-state.ts';
import { expectedStart } from './expected-start.ts';
import { issueCommand } from './issue-command.ts';
import { asEpisodeEvent } from './open-episode.ts';

/** What stands in history and what the decider asks for, where the two first differ. */
export interface Divergence {
  readonly stream: StreamName;
  readonly revision: number;
  readonly asked: { readonly type: string; readonly data: JsonObject } | null;
  readonly recorded: { readonly type: string; readonly data: JsonObject } | null;
  readonly reason: string;
}

export type ReplayVerdict =
  | {
      readonly verdict: 'pass';
      readonly events: number;
      readonly decisions: number;
      readonly finished: boolean;
    }
  | { readonly verdict: 'diverged'; readonly events: number; readonly divergence: Divergence }
  | { readonly verdict: 'inconclusive'; readonly events: number; readonly missing: string };

/** What a replay needs besides the episode's own stream; all of it is in the run's records. */
export interface ReplayContext {
  readonly scorer: Scorer;
  readonly sandbox: readonly Fingerprint[];
  readonly flags: FlagNumbers;
}

/**
 * Folds the stream prefix by prefix without performing anything: after every outcome, `decide` must ask for exactly the
 * events that history recorded next, down to prompts, feedback texts, scores and input digests.
 */
export async function replayEpisode(
  ledger: Ledger,
  stream: StreamName,
  context: ReplayContext,
): Promise<ReplayVerdict> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(stream)) events.push(event);
  try {
    return await new EpisodeReplay(ledger, stream, events, context).check();
  } catch (error) {
    if (error instanceof Diverged) {
      return { verdict: 'diverged', events: events.length, divergence: error.divergence };
    }
    if (isPawlError(error) && missingCodes.has(error.code)) {
      return { verdict: 'inconclusive', events: events.length, missing: error.message };
    }
    throw error;
  }
}

/** Replay needs what these say is not there; that proves nothing about the decisions. */
const missingCodes: ReadonlySet<ErrorCode> = new Set([
  'BLOB_NOT_FOUND',
  'BLOB_ERASED',
  'STRATEGY_NOT_FOUND',
  'SUITE_NOT_FOUND',
] as const);

class Diverged extends Error {
  readonly divergence: Divergence;

  constructor(divergence: Divergence) {
    super(divergence.reason);
    this.divergence = divergence;
  }
}

class EpisodeReplay {
  readonly #ledger: Ledger;
  readonly #stream: StreamName;
  readonly #events: readonly AnyRecordedEvent[];
  readonly #context: ReplayContext;
  #next = 0;
  #decisions = 0;

  constructor(
    ledger: Ledger,
    stream: StreamName,
    events: readonly AnyRecordedEvent[],
    context: ReplayContext,
  ) {
    this.#ledger = ledger;
    this.#stream = stream;
    this.#events = events;
    this.#context = context;
  }

  async check(): Promise<ReplayVerdict> {
    const first = this.#events[0];
    if (first === undefined) {
      throw new PawlError('RUN_NOT_FOUND', `The ledger has no episode "${this.#stream}".`);
    }
    if (first.type !== 'EpisodeStarted') throw this.#diverged(null, 'an episode begins with EpisodeStarted');
    const started = first.data;
    await this.#compareStart(started);
    const strategy = strategyNamed(started.strategy.name);
    if (strategy.version !== started.strategy.version) {
      const missing = `${strategy.name} version ${started.strategy.version}; this build has version ${strategy.version}`;
      return { verdict: 'inconclusive', events: this.#events.length, missing };
    }
    const view = parseTaskView(await this.#ledger.getBlob(started.view.digest));
    const hidden = parseHiddenTests(await this.#ledger.getBlob(started.hidden.digest));
    const fingerprint = this.#context.sandbox.find(({ language }) => language === view.language);
    if (fingerprint === undefined) {
      const missing = `the fingerprint of the ${view.language} interpreter in the run's start`;
      return { verdict: 'inconclusive', events: this.#events.length, missing };
    }
    const { scorer, flags } = this.#context;
    const issue = { contents: new Contents(this.#ledger), scorer, flags, fingerprint, hidden };
    let state = initialEpisodeState(started, view, strategy);
    for (;;) {
      state = await this.#decisionsAt(state, strategy, issue);
      const outcome = this.#events[this.#next];
      if (outcome === undefined) break;
      state = this.#outcome(state, outcome, strategy);
    }
    const { length } = this.#events;
    return { verdict: 'pass', events: length, decisions: this.#decisions, finished: state.finished !== null };
  }

  async #compareStart(recorded: EpisodeData<'EpisodeStarted'>): Promise<void> {
    const expected = await expectedStart(this.#ledger, this.#stream, recorded);
    if (expected === null) {
      throw this.#diverged(null, `${recorded.run} did not schedule this episode as its ${recorded.index}th`);
    }
    this.#compare({ type: 'EpisodeStarted', data: expected });
  }

  async #decisionsAt(
    from: EpisodeState,
    strategy: AnyStrategy,
    issue: Parameters<typeof issueCommand>[2],
  ): Promise<EpisodeState> {
    let state = from;
    for (;;) {
      const commands = this.#decide(state, strategy);
      if (commands.length === 0) return state;
      for (const command of commands) {
        for (const asked of await issueCommand(command, state, issue)) {
          this.#compare(asked);
          state = evolveEpisode(state, asked, strategy);
        }
      }
    }
  }

  #decide(state: EpisodeState, strategy: AnyStrategy) {
    try {
      return decideEpisode(state, strategy);
    } catch (error) {
      if (isPawlError(error, 'STRATEGY_STALLED')) throw this.#diverged(null, error.message);
      throw error;
    }
  }

  #compare(asked: EpisodeEvent): void {
    const recorded = this.#events[this.#next];
    if (recorded === undefined)
      throw this.#diverged(asked, 'history ends before the decision it should hold');
    if (recorded.type !== asked.type) {
      throw this.#diverged(asked, `${asked.type} was asked for, ${recorded.type} was recorded`);
    }
    if (canonicalJson(recorded.data) !== canonicalJson(asked.data)) {
      throw this.#diverged(asked, `${asked.type} was asked for with other data than was recorded`);
    }
    this.#next += 1;
    this.#decisions += 1;
  }

  #outcome(state: EpisodeState, recorded: AnyRecordedEvent, strategy: AnyStrategy): EpisodeState {
    const event = asEpisodeEvent(recorded);
    if (!isOutcome(event)) throw this.#diverged(null, `${event.type} was recorded, but nobody asked for it`);
    this.#next += 1;
    try {
      return evolveEpisode(state, event, strategy);
    } catch (error) {
      this.#next -= 1;
      if (isPawlError(error, 'INTERNAL')) throw this.#diverged(null, error.message);
      throw error;
    }
  }

  #diverged(asked: EpisodeEvent | null, reason: string): Diverged {
    const recorded = this.#events[this.#next];
    return new Diverged({
      stream: this.#stream,
      revision: this.#next,
      asked: asked === null ? null : { type: asked.type, data: asked.data as JsonObject },
      recorded: recorded === undefined ? null : { type: recorded.type, data: recorded.data as JsonObject },
      reason,
    });
  }
}

/** Events that tell what happened outside; all others must follow from them. */
function isOutcome(event: EpisodeEvent): boolean {
  switch (event.type) {
    case 'CandidateGenerated':
      return event.data.key !== null;
    case 'CandidateRejected':
    case 'GenerationFailed':
    case 'ExecutionFinished':
    case 'ExecutionFailed':
      return true;
    case 'BudgetExhausted':
      return event.data.kind === 'wallTime';
    default:
      return false;
  }
}
