import { countEpisodes } from './count-episodes.ts';
import { type Finding, shareText } from './finding.ts';

/** Figures over such answers are best-over-run; compared with anybody's last-turn figures they are too high. */
export const bestOverRun: Finding = {
  name: 'best-over-run',
  version: 1,
  level: 'note',
  title: 'the answer is the best of several candidates and not the last one',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail: { picked, proposals } }) => {
        const last = proposals.at(-1);
        if (picked === null || picked.candidate === null || last === undefined) return 'not concerned';
        return last.candidate === picked.candidate ? 'looked at' : [last.revision, picked.revision];
      },
      (count, of) => `${shareText(count, of)} answers are not the last candidate of their episode`,
    ),
};
