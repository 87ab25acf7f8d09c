import type { VerifySource } from './verify-source.ts';
import { performTask, type VerifyTask, type VerifyTaskResult } from './verify-task.ts';

/** Where tasks are done: here, or by threads. */
export interface TaskRunner {
  /** How many tasks can be under way at a time. */
  readonly width: number;
  run(task: VerifyTask): Promise<VerifyTaskResult>;
  close(): Promise<void>;
}

/** For small ledgers and for stores that live in this process. */
export function inProcessRunner(source: VerifySource): TaskRunner {
  return { width: 1, run: (task) => performTask(source, task), close: async () => undefined };
}
