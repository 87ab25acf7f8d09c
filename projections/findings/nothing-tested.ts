import { countEpisodes } from './count-episodes.ts';
import { type Finding, shareText } from './finding.ts';

/** A pass of no test at all says nothing, but counts like any other. */
export const nothingTested: Finding = {
  name: 'nothing-tested',
  version: 1,
  level: 'warning',
  title: 'answers pass the public tests because there were none',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail: { picked, trials } }) => {
        if (picked?.publicPass !== true) return 'not concerned';
        const passes = trials.filter(
          ({ candidate, tests, outcome }) =>
            candidate === picked.candidate && tests === 'public' && outcome === 'passed',
        );
        const empty = passes.length > 0 && passes.every(({ total }) => total === 0);
        return empty ? [...passes.flatMap(({ ended }) => ended ?? []), picked.revision] : 'looked at';
      },
      (count, of) => `${shareText(count, of)} public passes are of no test at all`,
    ),
};
