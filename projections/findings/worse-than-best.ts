import { countEpisodes } from './count-episodes.ts';
import type { EpisodeTrail, Trial } from './episode-trail.ts';
import { type Finding, shareText } from './finding.ts';

/** A search that had something better in its hands and answered with something else. */
export const worseThanBest: Finding = {
  name: 'worse-than-best',
  version: 1,
  level: 'warning',
  title: 'the answer passed fewer public tests than another candidate had',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail }) => {
        if (trail.picked === null || trail.picked.candidate === null) return 'not concerned';
        const better = betterTrial(trail);
        return better === null ? 'looked at' : [better.ended ?? 0, trail.picked.revision];
      },
      (count, of) => `${shareText(count, of)} answers passed fewer public tests than a candidate before them`,
    ),
};

/** The best execution of another candidate before the pick, where it is better than every one of the answer. */
function betterTrial({ trials, picked }: EpisodeTrail): Trial | null {
  if (picked === null) return null;
  const until = picked.revision;
  const before = trials.filter(({ tests, ended }) => tests === 'public' && ended !== null && ended < until);
  let own: number | null = null;
  let best: { readonly trial: Trial; readonly rank: number } | null = null;
  for (const trial of before) {
    const rank = rankOf(trial);
    if (rank === null) continue;
    if (trial.candidate === picked.candidate) own = Math.max(own ?? 0, rank);
    else if (best === null || rank > best.rank) best = { trial, rank };
  }
  return best !== null && own !== null && best.rank > own ? best.trial : null;
}

/** A pass is above every share of tests; null where it was not recorded how many passed. */
function rankOf({ outcome, passed, total }: Trial): number | null {
  if (outcome === 'passed') return 2;
  return passed === null || total === null || total === 0 ? null : passed / total;
}
