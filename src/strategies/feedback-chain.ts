import { z } from 'zod';
import type { EpisodeEvent, FeedbackLevel } from '../events/episode.ts';
import type { TaskView } from '../events/task-view.ts';
import {
  decideFinish,
  decideGroundwork,
  evolveSearch,
  initialSearchState,
  isWaiting,
  type SearchCandidate,
  type SearchState,
} from './search-state.ts';
import type { Command, Strategy } from './strategy.ts';

// `restartAfter` and `memory` came later: left out, they are not recorded, and a run reads as it did before.
const paramsSchema = z.strictObject({
  /** Candidates to generate, one a turn; the same in every fair comparison. A dialogue must fit one record: hence the bound. */
  candidates: z.int().min(1).max(120).default(12).meta({ tune: 'fixed' }),
  /** Turns in a row without a better candidate after which a new chain begins at the given program; left out: never. */
  restartAfter: z
    .int()
    .min(1)
    .max(120)
    .exactOptional()
    .meta({ leftOut: 'never', tune: [2, 3, 4, 6, 8] }),
  /** Turns shown beside the first: the last so many; left out: all. */
  memory: z
    .int()
    .min(1)
    .max(120)
    .exactOptional()
    .meta({ leftOut: 'all', tune: [1, 2, 3, 5, 8] }),
});
export type FeedbackChainParams = z.infer<typeof paramsSchema>;

export interface FeedbackChainState extends SearchState<FeedbackChainParams> {
  /** Place of the first candidate that was written in the present chain. */
  readonly chainFrom: number;
  /** Turns of the chain since one was better than all before it. */
  readonly stale: number;
  /** Highest score in the chain, the given program's included; -1 before there is one. */
  readonly best: number;
}

interface FeedbackChainOptions {
  readonly name: string;
  readonly summary: string;
  readonly level: FeedbackLevel;
}

/**
 * The loop the product exists for: execute candidate n, say what came of it, ask for candidate n+1 with the dialogue in view,
 * until the public tests pass or the turns are spent. Strategies differ only in how much they say. What is not said is not
 * used either: a chain that tells only "wrong" takes no turn for better than another.
 */
export function feedbackChain(
  options: FeedbackChainOptions,
): Strategy<FeedbackChainState, FeedbackChainParams> {
  return {
    name: options.name,
    version: 1,
    summary: options.summary,
    params: paramsSchema,
    initialState,
    evolve: (state, event) => evolve(state, event, options.level),
    decide: (state) => decide(state, options.level),
  };
}

function initialState(task: TaskView, params: FeedbackChainParams): FeedbackChainState {
  return {
    ...initialSearchState(task, params),
    chainFrom: task.givenProgram === null ? 0 : 1,
    stale: 0,
    best: -1,
  };
}

function evolve(before: FeedbackChainState, event: EpisodeEvent, level: FeedbackLevel): FeedbackChainState {
  const state: FeedbackChainState = { ...before, ...evolveSearch(before, event) };
  switch (event.type) {
    case 'GenerationRequested': {
      if (event.data.key.attempt > 0 || !isRestart(before)) return state;
      return { ...state, chainFrom: state.candidates.length, stale: 0, best: givenOf(state)?.score ?? -1 };
    }
    case 'CandidateScored': {
      const best = Math.max(state.best, event.data.value);
      const isBetter = level !== 'verdict' && best > state.best;
      if (event.data.candidate === givenOf(state)?.candidate) return { ...state, best };
      return isBetter ? { ...state, best, stale: 0 } : { ...state, stale: state.stale + 1 };
    }
    case 'CandidateRejected':
      return { ...state, stale: state.stale + 1 };
    case 'ExecutionFailed': {
      const isTurn = event.data.final && event.data.candidate !== givenOf(state)?.candidate;
      return isTurn ? { ...state, stale: state.stale + 1 } : state;
    }
    default:
      return state;
  }
}

function decide(state: FeedbackChainState, level: FeedbackLevel): readonly Command[] {
  if (state.finished) return [];
  const groundwork = decideGroundwork(state);
  if (groundwork.length > 0) return groundwork;
  if (isWaiting(state)) return [];
  const passed = state.candidates.some(({ publicPass }) => publicPass);
  if (passed || state.ended !== null || state.drawn >= state.params.candidates) return decideFinish(state);
  const turns = turnsOf(state);
  const last = turns.at(-1);
  if (last !== undefined && last.stage === 'scored' && last.feedback === null && last.execution !== null) {
    return [{ kind: 'compose-feedback', candidate: last.candidate, execution: last.execution, level }];
  }
  const dialogue = turns.map(({ candidate, feedback }) => ({ candidate, feedback }));
  return [{ kind: 'generate', count: 1, parent: last?.candidate ?? null, dialogue }];
}

/** What the next request shows: the given program, and of the chain what is remembered. */
function turnsOf(state: FeedbackChainState): readonly SearchCandidate[] {
  const given = givenOf(state);
  const first = given === undefined ? [] : [given];
  if (isRestart(state)) return first;
  const chain = state.candidates.slice(state.chainFrom);
  const { memory } = state.params;
  return [...first, ...(memory === undefined ? chain : chain.slice(-memory))];
}

function isRestart({ stale, params: { restartAfter } }: FeedbackChainState): boolean {
  return restartAfter !== undefined && stale >= restartAfter;
}

function givenOf({ hasGivenProgram, candidates }: FeedbackChainState): SearchCandidate | undefined {
  return hasGivenProgram ? candidates[0] : undefined;
}
