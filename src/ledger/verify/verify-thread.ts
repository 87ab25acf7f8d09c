import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../kernel/pawl-error.ts';
import { FileSource } from '../stores/sqlite/file-source.ts';
import { performTask, type VerifyTask } from './verify-task.ts';
import type { FromVerifyThread, VerifyThreadData } from './verify-threads.ts';

/** One thread of `VerifyThreads`: does what it is sent, one task after the other. */
const { path, address } = workerData as VerifyThreadData;
let source: FileSource | undefined;

async function answer(task: VerifyTask): Promise<FromVerifyThread> {
  try {
    source ??= new FileSource(path, address);
    return { kind: 'done', result: await performTask(source, task) };
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) };
  }
}

parentPort?.on('message', (task: VerifyTask) => {
  void answer(task).then((message) => parentPort?.postMessage(message));
});
