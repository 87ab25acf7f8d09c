import type { ExecutionResult, TestResult } from '../events/execution-result.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { TestSpec } from '../events/test-spec.ts';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';
import { endedByMachine } from './ended-by-machine.ts';
import { executionRequest } from './execution-input.ts';
import { missingHere } from './missing-here.ts';
import type { ExecutionCheck } from './rerun-check.ts';
import { difference } from './rerun-differences.ts';
import { endingOf, seconds } from './rerun-ending.ts';
import { sandboxCodes } from './rerun-execution.ts';
import type { FreshExecution, RerunExecutor } from './rerun-executor.ts';

export type VerdictEvent = Extract<AnyRecordedEvent, { type: 'VerdictRecorded' }>;

/** What another tool's verdict was about, as far as the ledger still has it. */
export interface VerdictSubject {
  readonly view: TaskView;
  readonly program: string | PawlError;
  readonly tests: TestSpec | PawlError;
}

/**
 * A recorded failure is as a rule an error or a wrong value, and an endless loop now and then; the latter need not be waited
 * out for as long as a program that is said to pass.
 */
const failingWallMs = 5000;

/**
 * Executes a program with the tests that another tool judged it by, and compares the two verdicts. Nobody recorded what that tool
 * executed with, so it is done with what is here, and a verdict that differs because something is not here is inconclusive.
 */
export async function rerunVerdict(
  event: VerdictEvent,
  subject: VerdictSubject,
  executor: RerunExecutor,
): Promise<ExecutionCheck> {
  const { view, program, tests } = subject;
  const base = baseOf(event);
  for (const part of [program, tests]) if (isPawlError(part)) return unavailable(base, part);
  const request = executionRequest(view, program as string, tests as TestSpec, false);
  const { wallMs } = request.limits;
  const passes = event.data.outcome === 'passed';
  try {
    const fresh = await executor.execute(request, passes ? wallMs : Math.min(wallMs, failingWallMs));
    return judged(base, event, fresh);
  } catch (error) {
    if (isPawlError(error) && sandboxCodes.has(error.code)) {
      return unavailable(base, error);
    }
    throw error;
  }
}

function judged(base: ExecutionCheck, event: VerdictEvent, fresh: FreshExecution): ExecutionCheck {
  const { outcome, passed, total } = event.data;
  const here = endingOf(fresh);
  const verdictHere = fresh.result.outcome === 'passed' ? 'passed' : 'failed';
  const ended = endedByMachine(fresh.result);
  const clock = ended === null ? '' : `the ${ended} of this machine ended it after ${seconds(fresh.wallMs)}`;
  if (outcome === verdictHere) {
    const counts = passed !== null && total !== 0 && passed !== here.passed && ended === null;
    const differences = counts ? [difference('the execution', 'passed', passed, here.passed)] : [];
    const remark = total === 0 ? noTest : counts ? `${passed} of ${total} tests passed there` : clock;
    return { ...base, here, remark, differences, differenceCount: differences.length };
  }
  const differences = [difference('the execution', 'verdict', outcome, verdictHere)];
  const why = total === 0 ? noTest : clock || missingHere(fresh.result);
  if (why !== '') {
    return { ...base, here, verdict: 'inconclusive', remark: why, differences, differenceCount: 1 };
  }
  const remark = whatFailed(fresh.result);
  return { ...base, here, verdict: 'diverged', remark, differences, differenceCount: 1 };
}

const noTest = 'the other tool executed no test';

function whatFailed({ error, tests, outcome }: ExecutionResult): string {
  const failed = tests.find(({ status }) => status === 'failed' || status === 'error');
  if (failed === undefined) return error === null ? outcome : `${error.type}: ${error.message}`;
  const { id, input, expected, actual, exception } = failed;
  if (exception !== null) return `${id} (${input}): ${exception.type}: ${exception.message}`;
  const digits = isLastDigits(failed) ? ', which differ in the last digits of a float' : '';
  return `${id} (${input}): ${actual} came, ${expected} was expected${digits}`;
}

/** How far two floats may be apart to be the same value by two C libraries, relative. */
const lastDigits = 1e-12;

function isLastDigits({ expected, actual }: TestResult): boolean {
  const [left, right] = [Number(expected), Number(actual)];
  if (expected === null || actual === null || !Number.isFinite(left) || !Number.isFinite(right)) return false;
  return Math.abs(left - right) <= lastDigits * Math.max(Math.abs(left), Math.abs(right));
}

function baseOf({ stream, revision, data }: VerdictEvent): ExecutionCheck {
  const { key, candidate, tests, outcome, passed, total } = data;
  return {
    ...{ stream, revision, key: effectKeyText(key), candidate, tests },
    ...{ verdict: 'pass', layer: 'verdict', remark: '', missing: null, differences: [], differenceCount: 0 },
    recorded: { outcome, passed, total, steps: null, wallMs: null },
    here: null,
  };
}

function unavailable(base: ExecutionCheck, { code, message }: PawlError): ExecutionCheck {
  return { ...base, verdict: 'inconclusive', remark: message, missing: code };
}
