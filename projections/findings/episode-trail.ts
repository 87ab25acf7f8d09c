import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { TestSet } from '../../src/events/execution.ts';
import { effectKeyText } from '../../src/events/shapes.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';

type Data<Type extends EpisodeEvent['type']> = Extract<EpisodeEvent, { type: Type }>['data'];

/** A program that was put forward, the same one again too. */
export interface Proposal {
  revision: number;
  candidate: Digest;
  program: Digest;
  /** `given`: by the task. `repeated`: known already. `refused`: empty or too large. */
  kind: 'given' | 'new' | 'repeated' | 'refused';
  /** The candidate whose feedback the generator was shown last, and the revision of that feedback. */
  told: { candidate: Digest; revision: number } | null;
}

/** One attempt to run a candidate against tests. */
export interface Trial {
  /** Revision of the request; null for what another tool recorded. */
  requested: number | null;
  /** Revision of the outcome; null while there is none. */
  ended: number | null;
  key: string;
  candidate: Digest;
  tests: TestSet;
  input: Digest | null;
  outcome: string | null;
  passed: number | null;
  total: number | null;
  result: Digest | null;
}

/** What an episode claims, each claim with its revision. */
export interface EpisodeTrail {
  run: StreamName;
  task: string;
  view: Digest;
  proposals: Proposal[];
  trials: Trial[];
  /** Feedback and scores with the executions that they cite. */
  told: { revision: number; candidate: Digest; execution: string }[];
  scored: { revision: number; execution: string }[];
  /** By generation key, until it is answered: the candidate whose feedback the request shows last. */
  asked: Record<string, Digest | null>;
  picked: { revision: number; candidate: Digest | null; publicPass: boolean } | null;
  graded: { revision: number; execution: string; hiddenPass: boolean } | null;
  finished: ({ revision: number } & Data<'EpisodeFinished'>) | null;
}

export function startedTrail({ run, task, view }: Data<'EpisodeStarted'>): EpisodeTrail {
  return {
    ...{ run, task, view: view.digest, proposals: [], trials: [], told: [], scored: [], asked: {} },
    ...{ picked: null, graded: null, finished: null },
  };
}

export function evolveEpisodeTrail(trail: EpisodeTrail, revision: number, event: EpisodeEvent): void {
  switch (event.type) {
    case 'GenerationRequested': {
      const shown = event.data.dialogue.findLast(({ feedback }) => feedback !== null);
      trail.asked[effectKeyText(event.data.key)] = shown?.candidate ?? null;
      return;
    }
    case 'CandidateGenerated': {
      const { key, origin, candidate, program } = event.data;
      const kind = origin === 'given' ? 'given' : isKnown(trail, candidate) ? 'repeated' : 'new';
      const told = key === null ? null : toldBefore(trail, effectKeyText(key));
      trail.proposals.push({ revision, candidate, program: program.digest, kind, told });
      return;
    }
    case 'CandidateRejected': {
      const { key, candidate, program, reason } = event.data;
      const kind = reason === 'duplicate' ? 'repeated' : 'refused';
      const told = toldBefore(trail, effectKeyText(key));
      trail.proposals.push({ revision, candidate, program: program.digest, kind, told });
      return;
    }
    case 'GenerationFailed':
      delete trail.asked[effectKeyText(event.data.key)];
      return;
    case 'ExecutionRequested': {
      const { key, candidate, tests, input } = event.data;
      trail.trials.push({
        ...{ requested: revision, ended: null, key: effectKeyText(key), candidate, tests, input },
        ...{ outcome: null, passed: null, total: null, result: null },
      });
      return;
    }
    case 'ExecutionFinished': {
      const { key, candidate, tests, outcome, passed, total, result } = event.data;
      const ended = { ended: revision, candidate, tests, outcome, passed, total, result: result.digest };
      const name = effectKeyText(key);
      const trial = trail.trials.findLast((known) => known.key === name && known.ended === null);
      if (trial !== undefined) Object.assign(trial, ended);
      // Only a forged history has an outcome that nobody asked for.
      else trail.trials.push({ requested: null, key: name, input: null, ...ended });
      return;
    }
    case 'VerdictRecorded': {
      const { key, candidate, tests, outcome, passed, total } = event.data;
      trail.trials.push({
        ...{ requested: null, ended: revision, key: effectKeyText(key), candidate, tests, input: null },
        ...{ outcome, passed, total, result: null },
      });
      return;
    }
    case 'CandidateScored':
      trail.scored.push({ revision, execution: effectKeyText(event.data.execution) });
      return;
    case 'FeedbackComposed': {
      const { candidate, execution } = event.data;
      trail.told.push({ revision, candidate, execution: effectKeyText(execution) });
      return;
    }
    case 'FinalPicked': {
      const { candidate, publicPass } = event.data;
      trail.picked ??= { revision, candidate, publicPass };
      return;
    }
    case 'FinalGraded': {
      const { execution, hiddenPass } = event.data;
      trail.graded = { revision, execution: effectKeyText(execution), hiddenPass };
      return;
    }
    case 'EpisodeFinished':
      trail.finished = { revision, ...event.data };
      return;
    default:
      return;
  }
}

function isKnown({ proposals }: EpisodeTrail, candidate: Digest): boolean {
  return proposals.some((known) => known.candidate === candidate);
}

/** What a request shows is known; where there is no request (another tool's episode), the last feedback is what was answered. */
function toldBefore(trail: EpisodeTrail, key: string): Proposal['told'] {
  const asked = trail.asked[key];
  delete trail.asked[key];
  const told =
    asked === undefined
      ? trail.told.at(-1)
      : trail.told.findLast(({ candidate }) => asked !== null && candidate === asked);
  return told === undefined ? null : { candidate: told.candidate, revision: told.revision };
}
