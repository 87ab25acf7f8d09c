import { countEpisodes } from './count-episodes.ts';
import { type Finding, shareText } from './finding.ts';
import { isSameProgram } from './same-program.ts';

/**
 * Tasks that stayed unsolved although they were told what was wrong, and whose answer is a program from before the first
 * feedback, or the same tokens with other comments and layout. "Feedback friction" is what Jiang et al. (2025, arXiv:2506.11930)
 * call the resistance to it.
 */
export const friction: Finding = {
  name: 'friction',
  version: 1,
  level: 'note',
  title: 'unsolved tasks whose answer did not change under feedback',
  scope: 'run',
  find: (arms, sketches) =>
    countEpisodes(
      arms,
      ({ trail: { finished, picked, proposals, told } }) => {
        const [first] = told;
        const answered = first !== undefined && proposals.some(({ revision }) => revision > first.revision);
        if (finished === null || finished.hiddenPass || !answered || picked === null) return 'not concerned';
        const answer = proposals.find(({ candidate }) => candidate === picked.candidate);
        if (answer === undefined) return 'looked at';
        const same = proposals.find((earlier) => isSameProgram(earlier, answer, sketches));
        if (same === undefined || same.revision > first.revision) return 'looked at';
        return [same.revision, first.revision, picked.revision];
      },
      (count, of) =>
        `the answer did not change under feedback in ${shareText(count, of)} tasks that stayed unsolved`,
    ),
};
