import { type Finding, type FindingCase, shareText } from './finding.ts';
import { isSameProgram } from './same-program.ts';

/** A proposal made after feedback that is the very program the feedback was about, or that with other comments and layout. */
export const feedbackWithoutEffect: Finding = {
  name: 'feedback-without-effect',
  version: 1,
  level: 'note',
  title: 'feedback was answered with the same program',
  scope: 'run',
  find: (arms, sketches) => {
    const cases: FindingCase[] = [];
    let of = 0;
    let exactly = 0;
    for (const { stream, trail } of arms.flatMap(({ episodes }) => episodes)) {
      for (const proposal of trail.proposals) {
        const { told, candidate, revision } = proposal;
        if (told === null) continue;
        of += 1;
        const about = trail.proposals.find((known) => known.candidate === told.candidate);
        if (about === undefined || !isSameProgram(about, proposal, sketches)) continue;
        if (told.candidate === candidate) exactly += 1;
        const evidence = [told.revision, revision].map((at) => ({ stream, revision: at }));
        cases.push({ about: trail.task, evidence });
      }
    }
    const message = `${shareText(cases.length, of)} proposals that answer feedback are the program it was about, ${exactly} of them byte for byte`;
    return { count: cases.length, of, message, figures: { exactly }, cases };
  },
};
