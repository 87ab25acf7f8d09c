import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';
import { isPawlError, PawlError } from '../../src/kernel/pawl-error.ts';
import type { PerfCounter, PerfCounting, PerfCounts } from '../profile/perf-counter.ts';
import { capResult } from '../result/cap-result.ts';
import type { Execution, ExecutionRequest, ResourceUsage } from '../sandbox.ts';
import type { LineEnd } from '../wasm/candidate-line.ts';
import type { WorkerPool } from '../wasm/worker-pool.ts';
import type { RunningContainer } from './container/container.ts';
import type { CandidateSession, SessionEnd } from './line/candidate-session.ts';
import type { Done } from './line/frames.ts';
import type { ExecutionOrder, SupervisedContainer } from './line/supervised-container.ts';
import type { DockerSettings } from './settings.ts';
import { watchCpuTime } from './watch-cpu-time.ts';

/** Where ready containers come from and go to. */
export interface ContainerSource {
  take(request: ExecutionRequest, signal: AbortSignal | undefined): Promise<SupervisedContainer>;
  /** Takes back a container after an execution: it is used again or destroyed. Never throws. */
  giveBack(container: SupervisedContainer, done: Done | null): void;
  /** The user of the next execution's process, or null for the supervisor's own. */
  nextUser(): number | null;
}

export interface ContainerExecutor {
  readonly examiner: WorkerPool;
  readonly source: ContainerSource;
  readonly settings: DockerSettings;
  /** Counts from outside what an execution does; null where nobody asked for it. */
  readonly counter: PerfCounter | null;
}

/** Real time that a supervisor gets for the account of an execution, milliseconds. */
const accountMsMax = 5_000;
/** How often a container may end without an account before its program is taken for the cause. */
const vanishedMax = 3;

/**
 * One execution: the tests run in an interpreter here, the candidate in a container of its own.
 *
 * A container that ends without any account was ended by its program, or lost on the engine's side. So the execution is made
 * again: a program that ends every container it gets is the cause, unless an honest program meets the same end there.
 */
export async function executeInContainer(
  executor: ContainerExecutor,
  request: ExecutionRequest,
  signal?: AbortSignal,
): Promise<Execution> {
  for (let attempt = 1; ; attempt += 1) {
    const { execution, end } = await attemptInContainer(executor, request, signal);
    if (end.kind !== 'vanished') return execution;
    if (attempt < vanishedMax) continue;
    const control = await attemptInContainer(executor, honestRequest(request), signal);
    if (control.end.kind !== 'vanished') return execution;
    throw new PawlError('SANDBOX_FAILED', 'Containers end without an account, whatever program they hold.');
  }
}

/** A program that cannot be the cause of anything, for the same kind of container. */
function honestRequest(request: ExecutionRequest): ExecutionRequest {
  const program = request.language === 'python' ? 'def f():\n    return 1\n' : 'const f = () => 1;\n';
  const tests: TestSpec = { kind: 'cases', cases: [{ id: 'honest', call: 'f()', expected: '1' }] };
  const limits = { ...request.limits, wallMs: Math.max(request.limits.wallMs, 10_000), steps: null };
  return { ...request, prelude: '', program, tests, limits, coverage: false };
}

interface Attempt {
  readonly execution: Execution;
  readonly end: SessionEnd;
}

async function attemptInContainer(
  { examiner, source, settings, counter }: ContainerExecutor,
  request: ExecutionRequest,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const container = await source.take(request, signal);
  let done: Done | null = null;
  const counting = await countIn(container.container, counter);
  try {
    const { limits } = request;
    const cpuMsMax = settings.cpuMsMax ?? limits.wallMs;
    const session = await container.begin(orderOf(settings, cpuMsMax, limits.outputBytes, source.nextUser()));
    const onAbort = (): void => session.end(aborted);
    signal?.addEventListener('abort', onAbort, { once: true });
    const unwatch = watchCpuTime(container.container, session, {
      cpuMsMax,
      needed: cpuMsMax < limits.wallMs * settings.cpus,
      cpus: settings.cpus,
    });
    try {
      const examined = await examiner.execute(request, signal, session);
      const end = await account(session);
      done = end.kind === 'done' ? end.done : null;
      if (end.kind === 'lost') throw end.error;
      if (examined.result.outcome === 'timeout') await requireEngine(container.container);
      const counts = await counting?.stop();
      return { execution: assemble(examined, session, end, counts), end };
    } finally {
      unwatch();
      signal?.removeEventListener('abort', onAbort);
    }
  } finally {
    void counting?.stop();
    source.giveBack(container, done);
  }
}

async function countIn(
  { id, facts }: Pick<RunningContainer, 'id' | 'facts'>,
  counter: PerfCounter | null,
): Promise<PerfCounting | null> {
  if (counter === null) return null;
  const { pid } = await facts();
  return pid === null ? null : counter.attach({ id, pid });
}

/** An engine that passes nothing on makes every program wait: a limit of time says something only while the engine answers. */
async function requireEngine({ facts }: Pick<RunningContainer, 'facts'>): Promise<void> {
  try {
    await facts();
  } catch (error) {
    // That there is no such container any more is an answer.
    if (isPawlError(error, 'ENGINE_UNREACHABLE')) throw error;
  }
}

function orderOf(
  settings: DockerSettings,
  cpuMsMax: number,
  outputBytesMax: number,
  user: number | null,
): ExecutionOrder {
  return {
    user,
    // The kernel counts whole seconds, and a process that shares its time with others may use less than it is granted.
    cpuSecondsMax: Math.ceil(cpuMsMax / 1_000) + 1,
    fileBytesMax: settings.fileBytesMax,
    openFilesMax: settings.openFilesMax,
    outputBytesMax,
  };
}

const aborted: LineEnd = { outcome: 'error', type: 'Aborted', message: 'the execution was aborted' };

/** The supervisor's account, for the rest of the output and for what the execution used. */
async function account(session: CandidateSession): Promise<SessionEnd> {
  await session.close();
  const { promise: late, resolve } = Promise.withResolvers<SessionEnd>();
  const timer = setTimeout(() => resolve({ kind: 'ended', end: aborted }), accountMsMax);
  try {
    return await Promise.race([session.ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

function assemble(
  examined: Execution,
  session: CandidateSession,
  end: SessionEnd,
  counts: PerfCounts | undefined,
): Execution {
  if (examined.result.outcome === 'sandbox_error') {
    throw new PawlError('SANDBOX_FAILED', examined.result.error?.message ?? 'The tests could not be run.');
  }
  const result: ExecutionResult = {
    ...examined.result,
    stdout: session.stdout.result(),
    stderr: session.stderr.result(),
  };
  return {
    result: capResult(withLateEnd(result, session, end)),
    wallMs: examined.wallMs,
    ...(end.kind === 'done' ? { usage: { ...usageOf(end.done), ...counts } } : {}),
  };
}

/** A program that met a limit after the last answer, or was told of it by an exception before we were, has not kept to it. */
function withLateEnd(result: ExecutionResult, session: CandidateSession, end: SessionEnd): ExecutionResult {
  if (!['passed', 'failed', 'error'].includes(result.outcome)) return result;
  const limit =
    session.overflow() ?? (end.kind === 'done' && end.done.endedFor === null ? null : limitOf(session, end));
  if (limit === null || limit.outcome === 'error') return result;
  const { outcome, type, message } = limit;
  return { ...result, outcome, error: { type, message, line: null } };
}

function limitOf(session: CandidateSession, end: SessionEnd): LineEnd | null {
  return end.kind === 'done' && end.done.endedFor === 'order' ? null : session.explain(end);
}

const usageOf = ({ cpuMs, peakBytes, minorFaults, majorFaults }: Done): ResourceUsage => ({
  cpuMs,
  peakBytes,
  minorFaults,
  majorFaults,
});
