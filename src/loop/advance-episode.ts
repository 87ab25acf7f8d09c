import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { decideEpisode } from './episode-decide.ts';
import { type EpisodeState, evolveEpisode } from './episode-state.ts';
import { type IssueContext, issueCommand } from './issue-command.ts';

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
        state = evolveEpisode(state, event, strategy);
      }
    }
  }
}
