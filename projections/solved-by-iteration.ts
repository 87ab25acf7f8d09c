import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

/** Of a run: how many of its answers came at each iteration. */
export interface SolvedCounts {
  /** Finished episodes, and the last iteration that any of them came to. */
  episodes: number;
  last: number;
  /**
   * By iteration, from 0: answers that passed the public tests, and answers that passed the hidden ones; zeros at the end left
   * out.
   */
  public: number[];
  hidden: number[];
}

interface OpenEpisode {
  run: StreamName;
  proposals: number;
  /** Iteration at which each candidate came up first. */
  first: Record<Digest, number>;
  answeredAt: number;
}

export interface SolvedByIterationState {
  runs: Record<StreamName, SolvedCounts>;
  /** Episodes under way. */
  episodes: Record<StreamName, OpenEpisode>;
}

/**
 * How many tasks a run had solved after so many iterations. The first program of an episode (given or generated) is iteration 0,
 * and every further proposal one more, a repeated one too. An answer that passes the public tests was known when it first came
 * up; any other is the answer only because the search has ended.
 */
export const solvedByIterationProjection: Projection<SolvedByIterationState> = {
  name: 'solved-by-iteration',
  version: 1,
  initialState: () => ({ runs: {}, episodes: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'RunStarted':
        state.runs[event.stream] = { episodes: 0, last: 0, public: [], hidden: [] };
        return state;
      case 'EpisodeStarted':
        state.episodes[event.stream] = { run: event.data.run, proposals: 0, first: {}, answeredAt: 0 };
        return state;
      case 'CandidateGenerated':
      case 'CandidateRejected': {
        const episode = state.episodes[event.stream];
        if (episode === undefined) return state;
        episode.first[event.data.candidate] ??= episode.proposals;
        episode.proposals += 1;
        return state;
      }
      case 'FinalPicked': {
        const episode = state.episodes[event.stream];
        if (episode === undefined) return state;
        const { candidate, publicPass } = event.data;
        const last = Math.max(0, episode.proposals - 1);
        const first = candidate === null ? undefined : episode.first[candidate];
        episode.answeredAt = publicPass ? (first ?? last) : last;
        return state;
      }
      case 'EpisodeFinished': {
        const episode = state.episodes[event.stream];
        const run = episode === undefined ? undefined : state.runs[episode.run];
        delete state.episodes[event.stream];
        if (episode === undefined || run === undefined) return state;
        run.episodes += 1;
        run.last = Math.max(run.last, episode.proposals - 1);
        if (event.data.publicPass) countAt(run.public, episode.answeredAt);
        if (event.data.hiddenPass) countAt(run.hidden, episode.answeredAt);
        return state;
      }
      default:
        return state;
    }
  },
};

/** Plain JSON has no holes, so the gap is filled. */
function countAt(counts: number[], iteration: number): void {
  while (counts.length <= iteration) counts.push(0);
  counts[iteration] = (counts[iteration] ?? 0) + 1;
}

export interface CurvePoint {
  readonly iteration: number;
  /** Tasks solved at this iteration or before. */
  readonly publicPass: number;
  readonly hiddenPass: number;
}

/** The curve itself: sums from the first iteration to the last. */
export function solvedCurve(counts: SolvedCounts): readonly CurvePoint[] {
  let publicPass = 0;
  let hiddenPass = 0;
  return Array.from({ length: counts.last + 1 }, (_, iteration) => {
    publicPass += counts.public[iteration] ?? 0;
    hiddenPass += counts.hidden[iteration] ?? 0;
    return { iteration, publicPass, hiddenPass };
  });
}
