import type { EpisodeEvent } from '../events/episode.ts';
import type { EffectKey } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest } from '../kernel/brand.ts';
import type { Command } from './strategy.ts';

/** What a search knows of one of its candidates. Each stage is reached by exactly one event. */
export interface SearchCandidate {
  readonly candidate: Digest;
  readonly stage: 'new' | 'executing' | 'executed' | 'scored' | 'unexecutable';
  readonly execution: EffectKey | null;
  readonly publicPass: boolean;
  /** Score, or -1 before there is one. */
  readonly score: number;
  readonly feedback: Digest | null;
}

/** The part of an episode every search strategy remembers: its candidates in order, and what is under way. */
export interface SearchState<Params> {
  readonly params: Params;
  readonly hasGivenProgram: boolean;
  readonly candidates: readonly SearchCandidate[];
  /** Answered generation requests: candidates, rejected proposals and final failures. */
  readonly drawn: number;
  readonly generating: number;
  /** Why no further candidate can come, or null. */
  readonly ended: 'budget' | 'generator_exhausted' | 'generator_failed' | null;
  readonly finished: boolean;
}

export function initialSearchState<Params>(task: TaskView, params: Params): SearchState<Params> {
  return {
    params,
    hasGivenProgram: task.givenProgram !== null,
    candidates: [],
    drawn: 0,
    generating: 0,
    ended: null,
    finished: false,
  };
}

export function evolveSearch<Params>(state: SearchState<Params>, event: EpisodeEvent): SearchState<Params> {
  switch (event.type) {
    case 'GenerationRequested':
      // A repeated attempt of the same key is the same draw.
      return event.data.key.attempt > 0 ? state : { ...state, generating: state.generating + 1 };
    case 'CandidateGenerated': {
      const { candidate, key } = event.data;
      const added: SearchCandidate = {
        candidate,
        stage: 'new',
        execution: null,
        publicPass: false,
        score: -1,
        feedback: null,
      };
      const grown = { ...state, candidates: [...state.candidates, added] };
      return key === null ? grown : drawnOne(grown);
    }
    case 'CandidateRejected':
      return drawnOne(state);
    case 'GenerationFailed':
      return event.data.final
        ? { ...drawnOne(state), ended: state.ended ?? endOf(event.data.error.code) }
        : state;
    case 'ExecutionRequested':
      return updateCandidate(state, event.data.candidate, { stage: 'executing', execution: event.data.key });
    case 'ExecutionFinished':
      return updateCandidate(state, event.data.candidate, {
        stage: 'executed',
        execution: event.data.key,
        publicPass: event.data.outcome === 'passed',
      });
    case 'ExecutionFailed':
      return event.data.final
        ? updateCandidate(state, event.data.candidate, { stage: 'unexecutable' })
        : state;
    case 'CandidateScored':
      return updateCandidate(state, event.data.candidate, { stage: 'scored', score: event.data.value });
    case 'FeedbackComposed':
      return updateCandidate(state, event.data.candidate, { feedback: event.data.text.digest });
    case 'BudgetExhausted':
      return { ...state, ended: 'budget' };
    case 'FinalPicked':
      return { ...state, finished: true };
    default:
      return state;
  }
}

/**
 * What every search does before it may choose: take the given program, run what is new, score what ran.
 * Empty when every candidate is scored and nothing is under way.
 */
export function decideGroundwork<Params>(state: SearchState<Params>): readonly Command[] {
  if (state.hasGivenProgram && state.candidates.length === 0 && state.drawn === 0 && state.generating === 0) {
    return state.ended === null ? [{ kind: 'adopt' }] : [];
  }
  const commands: Command[] = [];
  for (const { candidate, stage, execution } of state.candidates) {
    if (stage === 'new' && state.ended !== 'budget') commands.push({ kind: 'execute', candidate });
    if (stage === 'executed' && execution !== null) commands.push({ kind: 'score', candidate, execution });
  }
  return commands;
}

/** True while an effect has no outcome yet. */
export function isWaiting<Params>(state: SearchState<Params>): boolean {
  return state.generating > 0 || state.candidates.some(({ stage }) => stage === 'executing');
}

/** The answer so far: a candidate that passes the public tests, else the highest score; the earlier one of equals. */
export function decideFinish<Params>(state: SearchState<Params>): readonly Command[] {
  let best: SearchCandidate | undefined;
  for (const candidate of state.candidates) {
    if (best === undefined || rank(candidate) > rank(best)) best = candidate;
  }
  if (best === undefined) {
    return [{ kind: 'finish', candidate: null, publicPass: false, reason: 'no_candidate' }];
  }
  const reason = best.publicPass ? 'public_pass' : (state.ended ?? 'best_score');
  return [{ kind: 'finish', candidate: best.candidate, publicPass: best.publicPass, reason }];
}

/** Nothing left to propose is an answer; a generator that cannot go on for another reason is a fault that readers should see. */
function endOf(code: string): 'generator_exhausted' | 'generator_failed' {
  return code === 'GENERATOR_EXHAUSTED' ? 'generator_exhausted' : 'generator_failed';
}

function rank({ publicPass, score }: SearchCandidate): number {
  return publicPass ? 2 + score : score;
}

function drawnOne<Params>(state: SearchState<Params>): SearchState<Params> {
  return { ...state, drawn: state.drawn + 1, generating: state.generating - 1 };
}

function updateCandidate<Params>(
  state: SearchState<Params>,
  candidate: Digest,
  change: Partial<SearchCandidate>,
): SearchState<Params> {
  return {
    ...state,
    candidates: state.candidates.map((known) =>
      known.candidate === candidate ? { ...known, ...change } : known,
    ),
  };
}
