import { type Evidence, type Finding, type FindingCase, shareText } from './finding.ts';

/** Episodes without a grade: a figure over the graded ones leaves them out, and they may be the hard ones. */
export const unfinishedEpisodes: Finding = {
  name: 'unfinished-episodes',
  version: 1,
  level: 'warning',
  title: 'scheduled episodes have no grade',
  scope: 'run',
  find: (arms) => {
    const cases: FindingCase[] = [];
    let of = 0;
    for (const { run, trail, episodes } of arms) {
      const ends = new Map(episodes.map(({ stream, trail: { finished } }) => [stream, finished]));
      for (const { episode, task, revision } of trail.scheduled) {
        of += 1;
        const finished = ends.get(episode) ?? null;
        if (finished?.status === 'graded') continue;
        const scheduled: Evidence = { stream: run, revision };
        const end: readonly Evidence[] =
          finished === null ? [] : [{ stream: episode, revision: finished.revision }];
        cases.push({ about: task, evidence: [scheduled, ...end] });
      }
    }
    const message = `${shareText(cases.length, of)} scheduled episodes have no grade`;
    return { count: cases.length, of, message, figures: {}, cases };
  },
};
