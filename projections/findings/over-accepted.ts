import { countEpisodes } from './count-episodes.ts';
import { type Finding, shareText } from './finding.ts';

/** Public tests that accept a wrong answer: the figure of whoever reports by them is too high by this much. */
export const overAccepted: Finding = {
  name: 'over-accepted',
  version: 1,
  level: 'warning',
  title: 'answers pass the public tests and fail the hidden ones',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail: { picked, graded } }) => {
        if (picked?.publicPass !== true || graded === null) return 'not concerned';
        return graded.hiddenPass ? 'looked at' : [picked.revision, graded.revision];
      },
      (count, of) => `${shareText(count, of)} answers that pass the public tests fail the hidden ones`,
    ),
};
