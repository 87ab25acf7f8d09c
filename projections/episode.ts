import type { EpisodeEvent } from '../src/events/episode.ts';
import type { GeneratorRef, StrategyRef } from '../src/events/run.ts';
import type { BlobRef } from '../src/events/shapes.ts';
import { effectKeyText } from '../src/events/shapes.ts';
import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

type Data<Type extends EpisodeEvent['type']> = Extract<EpisodeEvent, { type: Type }>['data'];

export interface EpisodeExecution {
  key: string;
  tests: 'public' | 'hidden';
  outcome: string;
  passed: number | null;
  total: number | null;
  /** Null, like `passed` and `total`, where another tool did not record it. */
  steps: number | null;
  /** Null for what another tool recorded. */
  result: Digest | null;
}

export interface EpisodeCandidate {
  candidate: Digest;
  parent: Digest | null;
  origin: 'given' | 'generated';
  note: string;
  program: BlobRef;
  /** Key of the generation, null for a given program. */
  key: string | null;
  executions: EpisodeExecution[];
  score: number | null;
  feedback: { level: string; text: Digest } | null;
}

/** An episode as it stands: what was tried, what came of it, what was answered and how that graded. */
export interface EpisodeSummary {
  run: StreamName;
  index: number;
  task: string;
  strategy: StrategyRef;
  generator: GeneratorRef;
  seed: string;
  /** Of a branch alone: the episode it branches off, and the last revision that is repeated. */
  forkedFrom?: { episode: StreamName; revision: number };
  candidates: EpisodeCandidate[];
  rejected: number;
  failures: { key: string; what: 'generation' | 'execution'; code: string; final: boolean }[];
  exhausted: string | null;
  picked: Data<'FinalPicked'> | null;
  graded: { outcome: string; passed: number; total: number; hiddenPass: boolean } | null;
  finished: Data<'EpisodeFinished'> | null;
}

export interface EpisodesState {
  episodes: Record<StreamName, EpisodeSummary>;
}

/** Every episode of a ledger by its stream; fold a single stream to get a single one. */
export const episodeProjection: Projection<EpisodesState> = {
  name: 'episode',
  version: 1,
  initialState: () => ({ episodes: {} }),
  evolve(state, event) {
    if (event.type === 'EpisodeStarted') {
      state.episodes[event.stream] = started(event.data);
      return state;
    }
    const episode = state.episodes[event.stream];
    if (episode !== undefined) evolveSummary(episode, event as EpisodeEvent);
    return state;
  },
};

function started({ forkedFrom, ...data }: Data<'EpisodeStarted'>): EpisodeSummary {
  const { run, index, task, strategy, generator, seed } = data;
  return {
    run,
    index,
    task,
    strategy,
    generator,
    seed,
    ...(forkedFrom === null ? {} : { forkedFrom }),
    candidates: [],
    rejected: 0,
    failures: [],
    exhausted: null,
    picked: null,
    graded: null,
    finished: null,
  };
}

function evolveSummary(episode: EpisodeSummary, event: EpisodeEvent): void {
  switch (event.type) {
    case 'CandidateGenerated': {
      const { candidate, parent, origin, note, program, key } = event.data;
      episode.candidates.push({
        candidate,
        parent,
        origin,
        note,
        program,
        key: key === null ? null : effectKeyText(key),
        executions: [],
        score: null,
        feedback: null,
      });
      return;
    }
    case 'CandidateRejected':
      episode.rejected += 1;
      return;
    case 'GenerationFailed':
    case 'ExecutionFailed': {
      const what = event.type === 'GenerationFailed' ? 'generation' : 'execution';
      const { key, error, final } = event.data;
      episode.failures.push({ key: effectKeyText(key), what, code: error.code, final });
      return;
    }
    case 'ExecutionFinished': {
      const { key, tests, outcome, passed, total, steps, result, candidate } = event.data;
      const execution = {
        key: effectKeyText(key),
        tests,
        outcome,
        passed,
        total,
        steps,
        result: result.digest,
      };
      candidateOf(episode, candidate)?.executions.push(execution);
      return;
    }
    case 'VerdictRecorded': {
      const { key, tests, outcome, passed, total, candidate } = event.data;
      const told = { key: effectKeyText(key), tests, outcome, passed, total, steps: null, result: null };
      candidateOf(episode, candidate)?.executions.push(told);
      return;
    }
    case 'CandidateScored': {
      const scored = candidateOf(episode, event.data.candidate);
      if (scored !== undefined) scored.score = event.data.value;
      return;
    }
    case 'FeedbackComposed': {
      const told = candidateOf(episode, event.data.candidate);
      if (told !== undefined) told.feedback = { level: event.data.level, text: event.data.text.digest };
      return;
    }
    case 'BudgetExhausted':
      episode.exhausted = event.data.kind;
      return;
    case 'FinalPicked':
      episode.picked = event.data;
      return;
    case 'FinalGraded': {
      const { outcome, passed, total, hiddenPass } = event.data;
      episode.graded = { outcome, passed, total, hiddenPass };
      return;
    }
    case 'EpisodeFinished':
      episode.finished = event.data;
      return;
    default:
      return;
  }
}

/** From the end: what happens to a candidate happens soon after it was made. */
function candidateOf(episode: EpisodeSummary, candidate: Digest): EpisodeCandidate | undefined {
  return episode.candidates.findLast((known) => known.candidate === candidate);
}
