import type { Scorer } from './scorer.ts';

/** Share of the public tests that passed, in [0, 1]; 0 when there were none to pass. */
export const testsScorer: Scorer = {
  name: 'tests',
  version: 1,
  score: ({ passed, total }) => ({ value: total === 0 ? 0 : passed / total, components: { passed, total } }),
};
