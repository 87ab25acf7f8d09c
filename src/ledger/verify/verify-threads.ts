import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';
import type { TaskRunner } from './task-runner.ts';
import type { VerifyTask, VerifyTaskResult } from './verify-task.ts';

/** What a thread is started with. */
export interface VerifyThreadData {
  readonly path: string;
  readonly address: string;
}

/**
 * A thread does not have its parent's cache of compiled modules by itself, and a first module in TypeScript would load a compiler
 * into every thread, 20 MB and a tenth of a second each. So the first one is this.
 */
const entry = `
const { compileCache, module } = require('node:worker_threads').workerData;
if (compileCache !== undefined) require('node:module').enableCompileCache(compileCache);
import(module);
`;

export type FromVerifyThread =
  | { readonly kind: 'done'; readonly result: VerifyTaskResult }
  | { readonly kind: 'failed'; readonly message: string };

interface Waiting {
  readonly task: VerifyTask;
  readonly resolve: (result: VerifyTaskResult) => void;
  readonly reject: (error: PawlError) => void;
}

/**
 * What a thread may take. With 16 MB of young objects it would spend a fifth more time on collecting them; with no limit on old
 * ones it would not collect them at all.
 */
const limits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 32 } as const;

/** Threads that each read the file over a connection of their own and take the next task when they are done with one. */
export class VerifyThreads implements TaskRunner {
  readonly width: number;
  readonly #idle: Worker[];
  readonly #workers: readonly Worker[];
  readonly #current = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];
  #failure: PawlError | undefined;

  constructor(path: string, address: string, count: number) {
    const data = { path, address };
    this.width = count;
    this.#workers = Array.from({ length: count }, () => this.#start(data));
    this.#idle = [...this.#workers];
  }

  run(task: VerifyTask): Promise<VerifyTaskResult> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<VerifyTaskResult>();
    this.#queue.push({ task, resolve, reject });
    this.#handOut();
    return promise;
  }

  async close(): Promise<void> {
    this.#failure ??= new PawlError('INTERNAL', 'Verification has ended.');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(data: VerifyThreadData): Worker {
    const module = new URL('./verify-thread.ts', import.meta.url).href;
    const workerData = { ...data, module, compileCache: getCompileCacheDir() };
    const worker = new Worker(entry, { eval: true, workerData, resourceLimits: limits, execArgv: [] });
    worker.on('message', (message: FromVerifyThread) => this.#receive(worker, message));
    worker.on('error', (error) => this.#fail(messageOf(error)));
    worker.on('exit', () => this.#fail('a thread ended'));
    return worker;
  }

  #handOut(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.shift() as Worker;
      const waiting = this.#queue.shift() as Waiting;
      this.#current.set(worker, waiting);
      worker.postMessage(waiting.task);
    }
  }

  #receive(worker: Worker, message: FromVerifyThread): void {
    const waiting = this.#current.get(worker);
    this.#current.delete(worker);
    if (message.kind === 'failed') {
      this.#fail(message.message);
      return;
    }
    waiting?.resolve(message.result);
    this.#idle.push(worker);
    this.#handOut();
  }

  #fail(why: string): void {
    this.#failure ??= new PawlError('STORAGE_FAILED', `The ledger could not be verified to its end: ${why}.`);
    const waiting = [...this.#current.values(), ...this.#queue.splice(0)];
    this.#current.clear();
    for (const { reject } of waiting) reject(this.#failure);
  }
}
