import type { Fingerprint } from '../../src/events/run.ts';
import type { Language } from '../../src/events/task-view.ts';
import { messageOf, PawlError } from '../../src/kernel/pawl-error.ts';
import type { Execution, ExecutionRequest } from '../sandbox.ts';
import type { CandidateLine } from './candidate-line.ts';
import { runOnWorker } from './run-on-worker.ts';
import { startWasmWorker, type WasmWorker, type WorkerLimits } from './wasm-worker.ts';

/** Which engine module runs a language, and what its threads may use. */
export interface EngineSpec {
  readonly url: string;
  readonly limits: WorkerLimits;
}

export interface WorkerPool {
  /** First come, first served. With a line the candidate runs at its other end, and only the tests run here. */
  execute(request: ExecutionRequest, signal?: AbortSignal, line?: CandidateLine): Promise<Execution>;
  fingerprint(language: Language): Promise<Fingerprint>;
  close(): Promise<void>;
}

interface Job {
  readonly request: ExecutionRequest;
  readonly resolve: (execution: Execution) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly line: CandidateLine | undefined;
}

/**
 * At most `workers` executions at once over all languages; threads start when a language is first used and are kept. A
 * thread that was ended is replaced at once, so that the next execution of its language does not wait for the boot.
 */
export function createWorkerPool(
  workers: number,
  engines: Readonly<Partial<Record<Language, EngineSpec>>>,
): WorkerPool {
  const queue: Job[] = [];
  const idle: Record<Language, WasmWorker[]> = { command: [], javascript: [], python: [] };
  const threads = new Set<WasmWorker>();
  let running = 0;
  let closing: Promise<void> | null = null;

  const start = (language: Language): WasmWorker => {
    const engine = engines[language];
    if (engine === undefined) {
      throw new PawlError('SANDBOX_LANGUAGE', `This sandbox has no engine for ${language}.`, {
        context: { language },
      });
    }
    const worker = startWasmWorker(engine.url, engine.limits);
    threads.add(worker);
    return worker;
  };

  const end = async (worker: WasmWorker): Promise<void> => {
    await worker.terminate();
    threads.delete(worker);
  };

  const booted = async (worker: WasmWorker, language: Language): Promise<Fingerprint> => {
    try {
      return await worker.ready;
    } catch (error) {
      await end(worker);
      if (closing !== null) throw closedError();
      throw new PawlError('SANDBOX_FAILED', `The ${language} engine did not start: ${messageOf(error)}`, {
        context: { language },
        cause: error,
      });
    }
  };

  /** A thread that died while it was idle is nobody's failure. */
  const takeIdle = (language: Language): WasmWorker | undefined => {
    for (;;) {
      const worker = idle[language].pop();
      if (worker === undefined || worker.isAlive()) return worker;
      threads.delete(worker);
    }
  };

  const runJob = async (job: Job): Promise<void> => {
    const { request, signal } = job;
    const { language } = request;
    const worker = takeIdle(language) ?? start(language);
    const onAbort = (): void => {
      job.reject(signal?.reason);
      void worker.terminate();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await booted(worker, language);
      const { execution, reusable } = await runOnWorker(worker, request, job.line);
      const aborted = signal?.aborted === true;
      if (closing !== null && !reusable) job.reject(closedError());
      else if (!aborted) job.resolve(execution);
      if (closing !== null) return;
      if (reusable && !aborted) {
        idle[language].push(worker);
        return;
      }
      await end(worker);
      if (closing === null) idle[language].push(start(language));
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };

  const pump = (): void => {
    while (running < workers && closing === null) {
      const job = queue.shift();
      if (job === undefined) return;
      running += 1;
      runJob(job)
        .catch((error) => job.reject(error)) // settled jobs ignore it
        .finally(() => {
          running -= 1;
          pump();
        });
    }
  };

  const execute = (
    request: ExecutionRequest,
    signal?: AbortSignal,
    line?: CandidateLine,
  ): Promise<Execution> => {
    if (closing !== null) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<Execution>();
    const job: Job = { request, resolve, reject, signal, line };
    const onAbort = (): void => {
      const place = queue.indexOf(job);
      if (place < 0) return; // already running; runJob listens itself
      queue.splice(place, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    queue.push(job);
    pump();
    return promise.finally(() => signal?.removeEventListener('abort', onAbort));
  };

  const fingerprints = new Map<Language, Promise<Fingerprint>>();
  const readFingerprint = (language: Language): Promise<Fingerprint> => {
    const worker = takeIdle(language) ?? start(language);
    idle[language].push(worker); // a job may take it while it boots
    return booted(worker, language);
  };
  const fingerprint = async (language: Language): Promise<Fingerprint> => {
    if (closing !== null) throw closedError();
    const known = fingerprints.get(language) ?? readFingerprint(language);
    fingerprints.set(language, known);
    known.catch(() => fingerprints.delete(language)); // a failed boot may be tried again
    return known;
  };

  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const job of queue.splice(0)) job.reject(closedError());
      await Promise.all([...threads].map((worker) => worker.terminate()));
      threads.clear();
    })();
    return closing;
  };
  return { execute, fingerprint, close };
}

const closedError = (): PawlError => new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.');
