import { executionResultSchema } from '../../src/events/execution-result.ts';
import { capResult } from '../result/cap-result.ts';
import { unfinishedResult } from '../result/unfinished-result.ts';
import type { Execution, ExecutionRequest } from '../sandbox.ts';
import type { CandidateLine } from './candidate-line.ts';
import type { WasmWorker, WorkerAnswer } from './wasm-worker.ts';
import { interruptValue } from './worker-protocol.ts';

/** Real time that an interrupted engine gets to answer by itself before its thread is ended, milliseconds. */
export const graceMs = 400;

export interface WorkerRun {
  readonly execution: Execution;
  /** The thread can take the next execution. */
  readonly reusable: boolean;
}

/** One execution on a booted worker, with the wall clock kept from outside. Never rejects. */
export async function runOnWorker(
  worker: WasmWorker,
  request: ExecutionRequest,
  line?: CandidateLine,
): Promise<WorkerRun> {
  const startedMs = performance.now();
  let killed = false;
  let graceTimer: NodeJS.Timeout | undefined;
  const wallTimer = setTimeout(() => {
    Atomics.store(worker.interrupt, 0, interruptValue);
    Atomics.notify(worker.interrupt, 0);
    line?.end({ outcome: 'timeout', type: 'TimeLimitExceeded', message: lateMessage(request) });
    graceTimer = setTimeout(() => {
      killed = true;
      void worker.terminate();
    }, graceMs);
  }, request.limits.wallMs);
  const answer = await worker.execute(request, line);
  clearTimeout(wallTimer);
  clearTimeout(graceTimer);
  const elapsedMs = performance.now() - startedMs;
  return readAnswer(answer, request, killed, elapsedMs);
}

const lateMessage = ({ limits }: ExecutionRequest): string =>
  `The program was still running after ${limits.wallMs} ms and was ended from outside.`;

function readAnswer(
  answer: WorkerAnswer,
  request: ExecutionRequest,
  killed: boolean,
  elapsedMs: number,
): WorkerRun {
  const ended = (outcome: 'timeout' | 'out_of_memory' | 'sandbox_error', type: string, message: string) =>
    capResult(unfinishedResult(outcome, request.tests, { type, message, line: null }));
  if (answer.kind === 'finished') {
    const checked = executionResultSchema.safeParse(answer.result);
    const result = checked.success
      ? checked.data
      : ended('sandbox_error', 'SandboxError', 'The engine gave a result that does not match its schema.');
    return { execution: { result, wallMs: answer.wallMs }, reusable: checked.success && !killed };
  }
  const late = lateMessage(request);
  const died = answer.kind === 'died';
  const result = killed
    ? ended('timeout', 'TimeLimitExceeded', late)
    : died && answer.memory
      ? ended('out_of_memory', 'OutOfMemory', 'The interpreter ran out of memory and its thread was ended.')
      : ended('sandbox_error', 'SandboxError', answer.message);
  return { execution: { result, wallMs: died ? elapsedMs : answer.wallMs }, reusable: false };
}
