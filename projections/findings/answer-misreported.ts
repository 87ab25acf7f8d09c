import { countEpisodes } from './count-episodes.ts';
import type { EpisodeTrail } from './episode-trail.ts';
import { type Finding, shareText } from './finding.ts';

/** A claim about the answer that no recorded execution bears out. */
export const answerMisreported: Finding = {
  name: 'answer-misreported',
  version: 1,
  level: 'problem',
  title: 'what is said of the answer is not what its executions showed',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail }) => {
        if (trail.picked === null) return 'not concerned';
        const revisions = contradictions(trail);
        return revisions.length === 0 ? 'looked at' : revisions;
      },
      (count, of) => `${shareText(count, of)} answers are reported other than their executions showed`,
    ),
};

function contradictions({ picked, graded, finished, trials }: EpisodeTrail): readonly number[] {
  if (picked === null) return [];
  const own = trials.filter(({ candidate, ended }) => candidate === picked.candidate && ended !== null);
  const last = own.findLast(({ tests }) => tests === 'public');
  const hidden = graded === null ? undefined : own.findLast(({ key }) => key === graded.execution);
  const revisions: number[] = [];
  if (picked.publicPass !== (last?.outcome === 'passed')) revisions.push(...endOf(last), picked.revision);
  if (
    graded !== null &&
    (hidden?.tests !== 'hidden' || graded.hiddenPass !== (hidden.outcome === 'passed'))
  ) {
    revisions.push(...endOf(hidden), graded.revision);
  }
  if (finished !== null) {
    const told =
      finished.publicPass === picked.publicPass && finished.hiddenPass === (graded?.hiddenPass ?? false);
    if (!told) revisions.push(finished.revision);
  }
  return revisions;
}

function endOf(trial: { readonly ended: number | null } | undefined): readonly number[] {
  return trial === undefined || trial.ended === null ? [] : [trial.ended];
}
