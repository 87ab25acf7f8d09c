import type { EpisodeEvent } from '../events/episode.ts';
import { invariant } from '../kernel/pawl-error.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { decideEpisode } from './episode-decide.ts';
import { type EpisodeState, evolveEpisode } from './episode-state.ts';
import { type IssueContext, issueCommand } from './issue-command.ts';

/** Far above what any strategy decides at a time; a strategy that never waits must not fill the memory. */
const decisionsMax = 10_000;

export interface Advanced {
  readonly state: EpisodeState;
  readonly events: readonly EpisodeEvent[];
}

/**
 * Asks `decide` until it asks for nothing more, folding what is issued as it goes. What comes back is appended in one piece
 * with the outcome that led to it, so that history never holds half a decision.
 */
export async function advanceEpisode(
  from: EpisodeState,
  strategy: AnyStrategy,
  context: IssueContext,
): Promise<Advanced> {
  let state = from;
  const events: EpisodeEvent[] = [];
  for (;;) {
    const commands = decideEpisode(state, strategy);
    if (commands.length === 0) return { state, events };
    for (const command of commands) {
      for (const event of await issueCommand(command, state, context)) {
        events.push(event);
        invariant(events.length <= decisionsMax, `${strategy.name} decides on and on without waiting`);
        state = evolveEpisode(state, event, strategy);
      }
    }
  }
}
