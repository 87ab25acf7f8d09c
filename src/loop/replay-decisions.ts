import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { decideEpisode, type EpisodeCommand } from './episode-decide.ts';
import { type EpisodeState, evolveEpisode } from './episode-state.ts';
import { type IssueContext, issueCommand } from './issue-command.ts';
import { asEpisodeEvent } from './open-episode.ts';
import { checkTaken, type ReplayedBranch } from './replay-copies.ts';
import { memberDifferences, textDifferences } from './replay-difference.ts';
import { checkOutcome, isOutcome } from './replay-outcome.ts';
import { Diverged, refuted } from './replay-stops.ts';
import type { ReplayLayer } from './replay-verdict.ts';

export interface DecisionContext {
  readonly strategy: AnyStrategy;
  readonly issue: IssueContext;
  readonly branch: ReplayedBranch | null;
  /** Wall time that the run was granted. */
  readonly runWallMs: number | null;
}

/**
 * Goes through an episode from its second event on: after every outcome, `decide` must ask for exactly the events that history
 * recorded next. Nothing is performed, because there is nothing here that could perform it: what history does not answer
 * ends the replay.
 */
export class DecisionReplay {
  readonly #events: readonly AnyRecordedEvent[];
  readonly #context: DecisionContext;
  #state: EpisodeState;
  #next = 1;
  #decisions = 0;

  constructor(events: readonly AnyRecordedEvent[], from: EpisodeState, context: DecisionContext) {
    this.#events = events;
    this.#state = from;
    this.#context = context;
  }

  /** @throws Diverged; PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED` */
  async check(): Promise<{ readonly decisions: number; readonly finished: boolean }> {
    const { branch } = this.#context;
    // Under another strategy the repeated events are what the branch was given, not what it decided.
    if (branch !== null && !branch.unchanged) {
      while (this.#next <= branch.revision) this.#fold(this.#events[this.#next]);
    }
    for (;;) {
      await this.#decisionsHere();
      const outcome = this.#events[this.#next];
      if (outcome === undefined) break;
      await this.#outcome(outcome);
    }
    return { decisions: this.#decisions, finished: this.#state.finished !== null };
  }

  async #decisionsHere(): Promise<void> {
    for (;;) {
      const commands = this.#decide();
      if (commands.length === 0) return;
      for (const command of commands) {
        for (const asked of await issueCommand(command, this.#state, this.#context.issue)) {
          await this.#compare(asked);
          this.#state = evolveEpisode(this.#state, asked, this.#context.strategy);
        }
      }
    }
  }

  #decide(): readonly EpisodeCommand[] {
    try {
      return decideEpisode(this.#state, this.#context.strategy);
    } catch (error) {
      if (isPawlError(error, 'STRATEGY_STALLED')) throw this.#stopped(null, 'history', error.message);
      throw error;
    }
  }

  async #compare(asked: EpisodeEvent): Promise<void> {
    const recorded = this.#events[this.#next];
    if (recorded === undefined)
      throw this.#stopped(asked, 'history', 'history ends before the decision it should hold');
    if (recorded.type !== asked.type || canonicalJson(recorded.data) !== canonicalJson(asked.data)) {
      throw await this.#difference(asked, recorded);
    }
    this.#next += 1;
    this.#decisions += 1;
  }

  async #difference(asked: EpisodeEvent, recorded: AnyRecordedEvent): Promise<Diverged> {
    const layer = brokenLayer(asked, recorded);
    const { divergence } = this.#stopped(asked, layer, reasonOf(layer, asked, recorded));
    if (layer === 'kind') return new Diverged(divergence);
    const left = { type: asked.type, data: asked.data as JsonObject };
    const right = { type: recorded.type, data: recorded.data as JsonObject };
    const { contents } = this.#context.issue;
    const texts = await textDifferences(left, right, (digest) => contents.text(digest));
    return new Diverged({ ...divergence, members: memberDifferences(left.data, right.data), texts });
  }

  async #outcome(recorded: AnyRecordedEvent): Promise<void> {
    const { issue, branch, runWallMs } = this.#context;
    if (!isOutcome(recorded))
      throw this.#stopped(null, 'history', `${recorded.type} was recorded, but nobody asked for it`);
    await checkOutcome(recorded, this.#state, issue.contents, runWallMs);
    if (branch !== null && recorded.revision > branch.revision) checkTaken(recorded, branch, this.#state);
    this.#fold(recorded);
  }

  #fold(recorded: AnyRecordedEvent | undefined): void {
    if (recorded === undefined) throw this.#stopped(null, 'history', 'history ends');
    try {
      this.#state = evolveEpisode(this.#state, asEpisodeEvent(recorded), this.#context.strategy);
    } catch (error) {
      const isOurs = isPawlError(error, 'INTERNAL') || isPawlError(error, 'LEDGER_CORRUPT');
      throw isOurs ? this.#stopped(null, 'history', error.message) : error;
    }
    this.#next += 1;
  }

  #stopped(asked: EpisodeEvent | null, layer: ReplayLayer, reason: string): Diverged {
    const recorded = this.#events[this.#next];
    const event = asked === null ? null : { type: asked.type, data: asked.data as JsonObject };
    if (recorded !== undefined) return refuted(recorded, layer, reason, event);
    // Every episode has a first event by now.
    const { stream } = this.#events[0] as AnyRecordedEvent;
    return new Diverged({ stream, revision: this.#next, layer, reason, asked: event, recorded: null });
  }
}

/** History answers an effect by its kind, its key and its input, and is looked at in this order. */
function brokenLayer(asked: EpisodeEvent, recorded: AnyRecordedEvent): ReplayLayer {
  if (asked.type !== recorded.type) return 'kind';
  if (asked.type !== 'GenerationRequested' && asked.type !== 'ExecutionRequested') return 'content';
  const { key, input } = recorded.data as typeof asked.data;
  // A forged key need not be one.
  if (canonicalJson(key ?? null) !== canonicalJson(asked.data.key)) return 'key';
  return input === asked.data.input ? 'content' : 'input';
}

function reasonOf(layer: ReplayLayer, asked: EpisodeEvent, recorded: AnyRecordedEvent): string {
  switch (layer) {
    case 'kind':
      return `${asked.type} was asked for, ${recorded.type} was recorded`;
    case 'key':
      return `${asked.type} was asked for under another key than was recorded`;
    case 'input':
      return `${asked.type}${keyText(asked)} was asked for with another input than was recorded`;
    default:
      return `${asked.type} was asked for with other data than was recorded`;
  }
}

function keyText({ data }: EpisodeEvent): string {
  return 'key' in data && data.key !== null ? ` ${effectKeyText(data.key)}` : '';
}
