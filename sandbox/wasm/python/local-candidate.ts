import type { CandidatePlace } from './candidate-place.ts';
import type { SessionParts } from './session.ts';

/** The candidate in the interpreter of its tests, under the same names. */
export function localCandidate({ api, harness, globals, counter }: SessionParts): CandidatePlace {
  return {
    globals,
    get steps() {
      return counter.steps;
    },
    load: ({ prelude, candidate }) => {
      api.evaluate(prelude, globals);
      api.evaluate(candidate, globals);
    },
    describe: (exception) => harness.describe(exception),
  };
}
