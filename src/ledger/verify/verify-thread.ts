import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { FileSource } from '../stores/sqlite/file-source.ts';
import type { VerifyTask } from './verify-task.ts';
import type { FromVerifyThread, VerifyThreadData } from './verify-threads.ts';

/** One thread of `VerifyThreads`: does what it is sent, one task after the other. */
const { path, address, compileCache } = workerData as VerifyThreadData;
// A thread does not have its parent's cache by itself, and compiling anew would take 40 MB and most of its start.
if (compileCache !== null) enableCompileCache(compileCache);
const { FileSource: Source } = await import('../stores/sqlite/file-source.ts');
const { performTask } = await import('./verify-task.ts');
let source: FileSource | undefined;

async function answer(task: VerifyTask): Promise<FromVerifyThread> {
  try {
    source ??= new Source(path, address);
    return { kind: 'done', result: await performTask(source, task) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (task: VerifyTask) => {
  void answer(task).then((message) => parentPort?.postMessage(message));
});
