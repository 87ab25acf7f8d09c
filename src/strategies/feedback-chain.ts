import { z } from 'zod';
import type { FeedbackLevel } from '../events/episode.ts';
import {
  decideFinish,
  decideGroundwork,
  evolveSearch,
  initialSearchState,
  isWaiting,
  type SearchState,
} from './search-state.ts';
import type { Command, Strategy } from './strategy.ts';

const paramsSchema = z.strictObject({
  /** Candidates to generate, one a turn. The whole dialogue must fit one record, hence the bound. */
  candidates: z.int().min(1).max(120).default(12),
});
export type FeedbackChainParams = z.infer<typeof paramsSchema>;
export type FeedbackChainState = SearchState<FeedbackChainParams>;

interface FeedbackChainOptions {
  readonly name: string;
  readonly summary: string;
  readonly level: FeedbackLevel;
}

/**
 * The loop the product exists for: execute candidate n, say what came of it, ask for candidate n+1 with the whole dialogue
 * in view, until the public tests pass or the turns are spent. Strategies differ only in how much they say.
 */
export function feedbackChain(
  options: FeedbackChainOptions,
): Strategy<FeedbackChainState, FeedbackChainParams> {
  return {
    name: options.name,
    version: 1,
    summary: options.summary,
    params: paramsSchema,
    initialState: (task, params) => initialSearchState(task, params),
    evolve: evolveSearch,
    decide: (state) => decide(state, options.level),
  };
}

function decide(state: FeedbackChainState, level: FeedbackLevel): readonly Command[] {
  if (state.finished) return [];
  const groundwork = decideGroundwork(state);
  if (groundwork.length > 0) return groundwork;
  if (isWaiting(state)) return [];
  const passed = state.candidates.some(({ publicPass }) => publicPass);
  if (passed || state.ended !== null || state.drawn >= state.params.candidates) return decideFinish(state);
  const last = state.candidates.at(-1);
  if (last !== undefined && last.stage === 'scored' && last.feedback === null && last.execution !== null) {
    return [{ kind: 'compose-feedback', candidate: last.candidate, execution: last.execution, level }];
  }
  const dialogue = state.candidates.map(({ candidate, feedback }) => ({ candidate, feedback }));
  return [{ kind: 'generate', count: 1, parent: last?.candidate ?? null, dialogue }];
}
