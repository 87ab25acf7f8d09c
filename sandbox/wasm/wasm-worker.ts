import { MessageChannel, Worker } from 'node:worker_threads';
import type { Fingerprint } from '../../src/events/run.ts';
import type { ExecutionRequest } from '../sandbox.ts';
import type { CandidateLine } from './candidate-line.ts';
import type { ExecuteMessage, WorkerMessage, WorkerSetup } from './worker-protocol.ts';

/** How one execution ended, as a fact about the thread. */
export type WorkerAnswer =
  | Extract<WorkerMessage, { readonly kind: 'finished' | 'engine_failed' }>
  /** The thread is gone. `memory` when V8 ended it because its heap was full. */
  | { readonly kind: 'died'; readonly memory: boolean; readonly message: string };

export interface WasmWorker {
  /** Settles once: the engine has booted, or the reason why not. */
  readonly ready: Promise<Fingerprint>;
  readonly interrupt: Int32Array;
  /** Never rejects. One at a time, and only when ready. */
  execute(request: ExecutionRequest, line?: CandidateLine): Promise<WorkerAnswer>;
  /** Resolves when the thread is gone; an execution under way answers `died`. */
  terminate(): Promise<void>;
  isAlive(): boolean;
}

export interface WorkerLimits {
  /** V8's own heap in the thread, mebibytes; WebAssembly memory is outside it. */
  readonly heapMb: number;
  /** The thread's native stack, mebibytes: interpreters recurse on it. */
  readonly stackMb: number;
}

const entryUrl = new URL('./worker-entry.ts', import.meta.url);
/** Kept of what the thread itself prints (warnings, a fatal error), for the message when it dies. */
const diagnosticCharsMax = 2_000;

/** Starts a thread that sees no environment, no arguments and no standard input, and whose output goes nowhere. */
export function startWasmWorker(engineUrl: string, limits: WorkerLimits): WasmWorker {
  const interrupt = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(entryUrl, {
    workerData: { engineUrl, interrupt } satisfies WorkerSetup,
    env: {},
    argv: [],
    execArgv: ['--no-warnings'],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: limits.heapMb,
      maxYoungGenerationSizeMb: 32,
      stackSizeMb: limits.stackMb,
    },
  });
  let diagnostics = '';
  const keep = (chunk: Buffer): void => {
    if (diagnostics.length < diagnosticCharsMax) diagnostics += chunk.toString('utf8');
  };
  worker.stdout.on('data', keep);
  worker.stderr.on('data', keep);

  let ordinal = 0;
  let answer: ((answer: WorkerAnswer) => void) | null = null;
  let death: Extract<WorkerAnswer, { kind: 'died' }> | null = null;
  const booted = Promise.withResolvers<Fingerprint>();
  booted.promise.catch(() => {}); // the pool looks at it when it needs it

  const settle = (value: WorkerAnswer): void => {
    const resolve = answer;
    answer = null;
    resolve?.(value);
  };
  const die = (memory: boolean, message: string): void => {
    death ??= {
      kind: 'died',
      memory,
      message: `${message} ${diagnostics}`.trim().slice(0, diagnosticCharsMax),
    };
    booted.reject(new Error(death.message));
    settle(death);
  };
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') booted.resolve(message.fingerprint);
    else if (message.kind === 'boot_failed') booted.reject(new Error(message.message));
    else if (message.ordinal === ordinal) settle(message);
  });
  worker.on('messageerror', (error) => die(false, `The answer could not be read: ${error.message}`));
  worker.on('error', (error: NodeJS.ErrnoException) =>
    die(error.code === 'ERR_WORKER_OUT_OF_MEMORY', `${error.name}: ${error.message}`),
  );
  worker.on('exit', (code) => die(false, `The worker thread ended with exit code ${code}.`));

  const execute = (request: ExecutionRequest, line?: CandidateLine): Promise<WorkerAnswer> => {
    if (death !== null) return Promise.resolve(death);
    ordinal += 1;
    Atomics.store(interrupt, 0, 0);
    const promise = new Promise<WorkerAnswer>((resolve) => {
      answer = resolve;
    });
    if (line === undefined) {
      worker.postMessage({ ordinal, request, line: null } satisfies ExecuteMessage);
      return promise;
    }
    const { port1, port2 } = new MessageChannel();
    const answered = new Int32Array(new SharedArrayBuffer(4));
    port1.on('message', async (message: Uint8Array) => {
      port1.postMessage(await line.ask(message));
      Atomics.store(answered, 0, 1);
      Atomics.notify(answered, 0);
    });
    worker.postMessage({ ordinal, request, line: { port: port2, answered } } satisfies ExecuteMessage, [
      port2,
    ]);
    return promise.finally(() => port1.close());
  };
  return {
    ready: booted.promise,
    interrupt,
    execute,
    terminate: async () => {
      await worker.terminate();
    },
    isAlive: () => death === null,
  };
}
