import { type Finding, type FindingCase, shareText } from './finding.ts';

/** A proposal made after feedback that is the very program the feedback was about. */
export const feedbackWithoutEffect: Finding = {
  name: 'feedback-without-effect',
  version: 1,
  level: 'note',
  title: 'feedback was answered with the same program',
  scope: 'run',
  find: (arms) => {
    const cases: FindingCase[] = [];
    let of = 0;
    for (const { stream, trail } of arms.flatMap(({ episodes }) => episodes)) {
      for (const { told, candidate, revision } of trail.proposals) {
        if (told === null) continue;
        of += 1;
        if (told.candidate !== candidate) continue;
        const evidence = [told.revision, revision].map((at) => ({ stream, revision: at }));
        cases.push({ about: trail.task, evidence });
      }
    }
    const message = `${shareText(cases.length, of)} proposals that answer feedback are the program it was about`;
    return { count: cases.length, of, message, figures: {}, cases };
  },
};
