import type { ExecutionRequest } from '../../sandbox.ts';
import type { RemoteLine } from '../remote-line.ts';
import type { CandidatePlace } from './candidate-place.ts';
import type { SessionParts } from './session.ts';

/**
 * The candidate at the other end of a line: the prelude runs here too, for the tests, and the candidate's names stand for
 * what is there. Steps and lines come with each answer.
 */
export function remoteCandidate(
  parts: SessionParts,
  request: ExecutionRequest,
  line: RemoteLine,
): CandidatePlace {
  const { api, harness, remote } = parts;
  const globals = remote.call('new_names', parts.globals);
  remote.use({ line, stepsMax: request.limits.steps, onLine: (number) => parts.onLine?.(number) });
  return {
    globals,
    get steps() {
      return remote.steps;
    },
    load: () => {
      const { tests, limits } = request;
      const scripts = tests.kind === 'asserts' ? [tests.source, tests.invoke ?? ''] : [];
      const cases = tests.kind === 'cases' ? tests.cases : [];
      const order = {
        prelude: request.prelude.toWellFormed(),
        program: request.program.toWellFormed(),
        seed: request.seed.toWellFormed(),
        steps: limits.steps,
        memory: limits.memoryBytes,
        lines: request.coverage,
        tests: [...scripts.map((source) => ['script', source]), ...cases.map(({ call }) => ['case', call])],
      };
      remote.call('run_prelude', api.string(request.prelude), globals);
      remote.call('load', globals, api.string(JSON.stringify(order)));
    },
    describe: (exception) => {
      const described = harness.describe(exception);
      const number = api.exports.PyLong_AsLong(remote.call('line_of', exception));
      return number > 0 ? { ...described, line: number } : described;
    },
  };
}
