import { countEpisodes } from './count-episodes.ts';
import { type Finding, shareText } from './finding.ts';

/** Public tests that refuse a right answer: they ask for something that the hidden tests do not, or contradict them. */
export const underAccepted: Finding = {
  name: 'under-accepted',
  version: 1,
  level: 'note',
  title: 'answers fail a public test and pass the hidden ones',
  scope: 'run',
  find: (arms) =>
    countEpisodes(
      arms,
      ({ trail: { picked, graded } }) => {
        if (picked === null || picked.publicPass || graded === null) return 'not concerned';
        return graded.hiddenPass ? [picked.revision, graded.revision] : 'looked at';
      },
      (count, of) => `${shareText(count, of)} answers that fail a public test pass the hidden ones`,
    ),
};
