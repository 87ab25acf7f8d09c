import { type Finding, type FindingCase, shareText } from './finding.ts';

/** Without it nobody knows what executed the programs, and nobody can execute them again and call it the same. */
export const missingEnvironment: Finding = {
  name: 'missing-environment',
  version: 1,
  level: 'warning',
  title: 'nothing says what the programs were executed by',
  scope: 'run',
  find: (arms) => {
    const cases = arms.flatMap(({ run, trail: { fingerprints, environments, suiteName } }): FindingCase[] =>
      fingerprints + environments > 0 ? [] : [{ about: suiteName, evidence: [{ stream: run, revision: 0 }] }],
    );
    const message = `${shareText(cases.length, arms.length)} runs name neither an interpreter nor an environment`;
    return { count: cases.length, of: arms.length, message, figures: {}, cases };
  },
};
