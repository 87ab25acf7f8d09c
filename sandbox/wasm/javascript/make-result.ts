import type {
  ExecutionException,
  ExecutionResult,
  Outcome,
  TestResult,
} from '../../../src/events/execution-result.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { LineEnd } from '../candidate-line.ts';
import type { SourceRange } from './instrument.ts';
import type { SessionState, StopReason } from './session.ts';

const stopErrors: Readonly<Record<Exclude<StopReason, 'line'>, LineEnd>> = {
  steps: {
    outcome: 'timeout',
    type: 'StepLimitExceeded',
    message: 'The program took more steps than it may',
  },
  wall: { outcome: 'timeout', type: 'TimeLimitExceeded', message: 'The program took more time than it may' },
  output: {
    outcome: 'output_limit',
    type: 'OutputLimitExceeded',
    message: 'The program printed more than it may',
  },
};

/** What ended the execution although the guest could not report it. */
export interface Breakdown {
  readonly outcome: 'error' | 'out_of_memory' | 'sandbox_error';
  readonly error: ExecutionException;
}

/** Puts together what the guest reported and how the execution ended. The outcome is decided here and nowhere else. */
export function makeResult(
  request: ExecutionRequest,
  state: SessionState,
  statements: readonly SourceRange[],
  steps: number,
  breakdown: Breakdown | null,
): ExecutionResult {
  const { log } = state;
  const stopped = stopOf(state);
  const stopError = stopped === null ? null : { type: stopped.type, message: stopped.message, line: null };
  const error = breakdown?.error ?? stopError ?? log.failure() ?? leftOut(log.unkept.length);
  const outcome = breakdown?.outcome ?? stopped?.outcome ?? decide(state);
  return {
    outcome,
    tests: [...log.tests, ...missingTests(request, state, stopError ?? breakdown?.error ?? null)],
    error,
    stdout: state.stdout.read(),
    stderr: state.stderr.read(),
    steps,
    statements: request.coverage ? [...statements] : null,
  };
}

const stopOf = ({ stop, lineEnd }: SessionState): LineEnd | null =>
  stop === null ? null : stop === 'line' ? lineEnd : stopErrors[stop];

const leftOut = (count: number): ExecutionException | null =>
  count === 0
    ? null
    : { type: 'ResultTruncated', message: `${count} further tests ran and are not listed.`, line: null };

function decide({ log, loaded }: SessionState): Outcome {
  if (log.outOfMemory()) return 'out_of_memory';
  const failed = log.failure() !== null;
  if (failed && (!loaded || log.tests.length === 0)) return 'error';
  const statuses = [...log.tests.map((test) => test.status), ...log.unkept];
  return !failed && statuses.length > 0 && statuses.every((status) => status === 'passed')
    ? 'passed'
    : 'failed';
}

/** Cases that did not come to their end: the one under way has what ended it, the rest was not run. */
function missingTests(
  request: ExecutionRequest,
  { log, loaded }: SessionState,
  ended: ExecutionException | null,
): TestResult[] {
  if (request.tests.kind !== 'cases') return [];
  return request.tests.cases.slice(log.tests.length).map((testCase, index) => {
    const underWay = index === 0 && loaded && ended !== null;
    return {
      id: testCase.id,
      status: underWay ? 'error' : 'not_run',
      input: testCase.call,
      expected: testCase.expected,
      actual: null,
      exception: underWay ? ended : null,
      steps: 0,
      covered: null,
    };
  });
}
