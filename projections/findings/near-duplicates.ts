import { type Finding, type FindingCase, shareText } from './finding.ts';
import { nearestEarlier } from './nearest-earlier.ts';
import { nearlySame } from './program-sketch.ts';

/** Another text, nearly the same program: comments, layout, or a token or two. */
export const nearDuplicates: Finding = {
  name: 'near-duplicates',
  version: 1,
  level: 'note',
  title: 'a program was proposed that is nearly one the episode had already',
  scope: 'run',
  find: (arms, sketches) => {
    const cases: FindingCase[] = [];
    let of = 0;
    for (const { stream, trail } of arms.flatMap(({ episodes }) => episodes)) {
      for (const { proposal, earlier, similarity } of nearestEarlier(trail, sketches)) {
        if (proposal.candidate === earlier.candidate) continue;
        of += 1;
        if (similarity < nearlySame) continue;
        const evidence = [earlier.revision, proposal.revision].map((revision) => ({ stream, revision }));
        cases.push({ about: trail.task, evidence });
      }
    }
    const message = `${shareText(cases.length, of)} further programs are nearly one that their episode had already (similarity from ${nearlySame} on)`;
    return { count: cases.length, of, message, figures: { similarityMin: nearlySame }, cases };
  },
};
