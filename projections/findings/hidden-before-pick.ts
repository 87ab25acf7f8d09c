import { countEpisodes } from './count-episodes.ts';
import type { EpisodeTrail } from './episode-trail.ts';
import { type Finding, shareText } from './finding.ts';

/** Whoever sees the hidden tests before the answer is picked has trained on the exam. */
export const hiddenBeforePick: Finding = {
  name: 'hidden-before-pick',
  version: 1,
  level: 'problem',
  title: 'hidden tests were used before the answer was picked',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail }) => {
        const revisions = usesOf(trail);
        return revisions.length === 0 ? 'looked at' : revisions;
      },
      (count, of) => `hidden tests were used before the final pick in ${shareText(count, of)} episodes`,
    ),
};

/** Executions against hidden tests before the pick, and feedback and scores that cite one; then the pick itself. */
function usesOf({ trials, told, scored, picked, proposals }: EpisodeTrail): readonly number[] {
  const until = picked?.revision ?? Number.POSITIVE_INFINITY;
  const hidden = trials.filter(({ tests }) => tests === 'hidden');
  const keys = new Set(hidden.map(({ key }) => key));
  const early = hidden.map(({ requested, ended }) => requested ?? ended ?? until).filter((at) => at < until);
  const citing = [...told, ...scored].filter(({ execution }) => keys.has(execution));
  const first = Math.min(...hidden.map(({ requested, ended }) => requested ?? ended ?? until));
  const late = proposals.filter(({ revision }) => revision > first);
  const uses = [...early, ...citing.map(({ revision }) => revision), ...late.map(({ revision }) => revision)];
  if (uses.length === 0) return [];
  return [...new Set([...uses, ...(picked === null ? [] : [picked.revision])])].sort((a, b) => a - b);
}
