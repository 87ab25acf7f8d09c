import { type Finding, type FindingCase, shareText } from './finding.ts';

/** The same program, byte for byte, proposed again: paid for and nothing learnt. */
export const repeatedCandidates: Finding = {
  name: 'repeated-candidates',
  version: 1,
  level: 'note',
  title: 'a program was proposed that the episode had already',
  scope: 'run',
  find: (arms) => {
    const cases: FindingCase[] = [];
    let of = 0;
    for (const { stream, trail } of arms.flatMap(({ episodes }) => episodes)) {
      for (const { kind, candidate, revision } of trail.proposals) {
        if (kind === 'given') continue;
        of += 1;
        if (kind !== 'repeated') continue;
        const first = trail.proposals.find((known) => known.candidate === candidate);
        const evidence = [first?.revision ?? revision, revision].map((at) => ({ stream, revision: at }));
        cases.push({ about: trail.task, evidence });
      }
    }
    const message = `${shareText(cases.length, of)} proposals are a program that their episode had already`;
    return { count: cases.length, of, message, figures: {}, cases };
  },
};
