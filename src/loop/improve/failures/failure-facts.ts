import {
  type EpisodeTrail,
  evolveEpisodeTrail,
  type Proposal,
  startedTrail,
  type Trial,
} from '../../../../projections/findings/episode-trail.ts';
import { type ProgramSketch, sketchOf } from '../../../../projections/findings/program-sketch.ts';
import { isSameProgram } from '../../../../projections/findings/same-program.ts';
import type { EpisodeEvent } from '../../../events/episode.ts';
import type { ExecutionResult } from '../../../events/execution-result.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { FinishedEpisode } from './failure-taxonomy.ts';

type Data<Type extends EpisodeEvent['type']> = Extract<EpisodeEvent, { type: Type }>['data'];
interface At {
  readonly revision: number;
}

/** What a classification rests on, each part with the revision of its event. */
export interface FailureFacts {
  readonly trail: EpisodeTrail;
  readonly picked: (At & Data<'FinalPicked'>) | null;
  readonly finished: (At & Data<'EpisodeFinished'>) | null;
  readonly scores: readonly (At & Data<'CandidateScored'>)[];
  /** The last failure of the generator that nothing came after. */
  readonly generatorFailed: (At & Data<'GenerationFailed'>) | null;
  /** The public execution of the answer, and its result where it is there. */
  readonly answer: { readonly trial: Trial; readonly result: ExecutionResult | null } | null;
  isSame(left: Proposal, right: Proposal): boolean;
}

/** @returns null for events that are no episode's */
export function failureFacts({ events, results, programs, task }: FinishedEpisode): FailureFacts | null {
  const [first, ...rest] = events;
  if (first?.type !== 'EpisodeStarted') return null;
  const trail = startedTrail(first.data);
  let picked: FailureFacts['picked'] = null;
  let finished: FailureFacts['finished'] = null;
  let generatorFailed: FailureFacts['generatorFailed'] = null;
  const scores: (At & Data<'CandidateScored'>)[] = [];
  for (const event of rest) {
    const { revision } = event;
    evolveEpisodeTrail(trail, revision, event as EpisodeEvent);
    if (event.type === 'CandidateScored') scores.push({ revision, ...event.data });
    else if (event.type === 'FinalPicked') picked = { revision, ...event.data };
    else if (event.type === 'EpisodeFinished') finished = { revision, ...event.data };
    else if (event.type === 'GenerationFailed' && event.data.final)
      generatorFailed = { revision, ...event.data };
  }
  const trial = answerTrial(trail, picked?.candidate ?? null);
  const answer = trial === null ? null : { trial, result: results.get(trial.result as Digest) ?? null };
  const sketches = sketchesOf(programs, task.language);
  const isSame = (left: Proposal, right: Proposal): boolean => isSameProgram(left, right, sketches);
  return { trail, picked, finished, scores, generatorFailed, answer, isSame };
}

function answerTrial({ trials }: EpisodeTrail, candidate: Digest | null): Trial | null {
  const found = trials.findLast(
    (trial) => trial.candidate === candidate && trial.tests === 'public' && trial.result !== null,
  );
  return found ?? null;
}

function sketchesOf(
  programs: FinishedEpisode['programs'],
  language: Parameters<typeof sketchOf>[1],
): ReadonlyMap<Digest, ProgramSketch> {
  return new Map([...programs].map(([digest, text]) => [digest, sketchOf(text, language)]));
}
