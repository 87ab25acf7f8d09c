import type { Verdict } from '../events/audit.ts';
import type { StreamReplay } from './replay-verdict.ts';

/** What a replay of several streams came to. */
export interface ReplayTotals {
  /** `diverged` as soon as one stream did, else `inconclusive` as soon as one was or there was nothing to look at. */
  readonly verdict: Verdict;
  readonly streams: number;
  readonly episodes: number;
  readonly events: number;
  /** Decisions of episodes that came out as recorded. */
  readonly decisions: number;
  /** The same with what was derived of runs and suites. */
  readonly compared: number;
  readonly diverged: number;
  readonly inconclusive: number;
}

/** Adds up what single streams came to, in any order. */
export class ReplaySums {
  #streams = 0;
  #episodes = 0;
  #events = 0;
  #decisions = 0;
  #compared = 0;
  #diverged = 0;
  #inconclusive = 0;

  add(replay: StreamReplay): void {
    this.#streams += 1;
    this.#events += replay.events;
    if (replay.kind === 'episode') this.#episodes += 1;
    if (replay.verdict === 'diverged') this.#diverged += 1;
    else if (replay.verdict === 'inconclusive') this.#inconclusive += 1;
    else {
      this.#compared += replay.decisions;
      if (replay.kind === 'episode') this.#decisions += replay.decisions;
    }
  }

  totals(): ReplayTotals {
    const nothing = this.#streams === 0;
    return {
      verdict: this.#diverged > 0 ? 'diverged' : this.#inconclusive > 0 || nothing ? 'inconclusive' : 'pass',
      streams: this.#streams,
      episodes: this.#episodes,
      events: this.#events,
      decisions: this.#decisions,
      compared: this.#compared,
      diverged: this.#diverged,
      inconclusive: this.#inconclusive,
    };
  }
}
