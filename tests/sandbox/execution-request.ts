import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import type { Language } from '../../src/events/task-view.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';

/** Cases `[call, expected]` with the ids `case-1`, `case-2` … */
export const casesOf = (...pairs: readonly (readonly [call: string, expected: string])[]): TestSpec => ({
  kind: 'cases',
  cases: pairs.map(([call, expected], index) => ({ id: `case-${index + 1}`, call, expected })),
});

export const assertsOf = (source: string, invoke: string | null = null): TestSpec => ({
  kind: 'asserts',
  source,
  invoke,
});

/** A request with ordinary limits; every part can be replaced. */
export function requestOf(
  language: Language,
  program: string,
  tests: TestSpec,
  changes: Partial<Omit<ExecutionRequest, 'limits'>> & {
    readonly limits?: Partial<ExecutionRequest['limits']>;
  } = {},
): ExecutionRequest {
  return {
    language,
    prelude: '',
    program,
    tests,
    seed: 'seed',
    coverage: false,
    ...changes,
    limits: { wallMs: 5_000, steps: null, memoryBytes: 268_435_456, outputBytes: 10_000, ...changes.limits },
  };
}
