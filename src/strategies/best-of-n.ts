import { z } from 'zod';
import {
  decideFinish,
  decideGroundwork,
  evolveSearch,
  initialSearchState,
  isWaiting,
  type SearchState,
} from './search-state.ts';
import type { Command, Strategy } from './strategy.ts';

// All of them say what is spent and when, not what is proposed: in a fair comparison they are equal.
const paramsSchema = z.strictObject({
  /** Candidates to draw: the n. */
  candidates: z.int().min(1).max(1000).default(12).meta({ tune: 'fixed' }),
  /** Stop at the first candidate that passes the public tests, or draw and score all. */
  stop: z.enum(['public_pass', 'never']).default('public_pass').meta({ tune: 'fixed' }),
  /** Candidates asked for at a time. */
  width: z.int().min(1).max(100).default(1).meta({ tune: 'fixed' }),
});
export type BestOfNParams = z.infer<typeof paramsSchema>;
export type BestOfNState = SearchState<BestOfNParams>;

/**
 * Independent candidates, none conditioned on another; the best by public tests is the answer. The baseline of every
 * comparison.
 */
export const bestOfN: Strategy<BestOfNState, BestOfNParams> = {
  name: 'best-of-n',
  version: 1,
  summary: 'draw independent candidates; stop at the first public pass, or score all',
  params: paramsSchema,
  initialState: (task, params) => initialSearchState(task, params),
  evolve: evolveSearch,
  decide,
};

function decide(state: BestOfNState): readonly Command[] {
  if (state.finished) return [];
  const groundwork = decideGroundwork(state);
  if (groundwork.length > 0) return groundwork;
  if (isWaiting(state)) return [];
  const { candidates, stop, width } = state.params;
  const mayStop = stop === 'public_pass' && state.candidates.some(({ publicPass }) => publicPass);
  if (mayStop || state.ended !== null || state.drawn >= candidates) return decideFinish(state);
  return [{ kind: 'generate', count: Math.min(width, candidates - state.drawn), parent: null, dialogue: [] }];
}
