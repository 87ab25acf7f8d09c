import { Worker } from 'node:worker_threads';
import type { Job } from './job.ts';
import type { Tally } from './tally.ts';

/** Threads that share a queue of jobs. */
export interface Pool {
  /** What came of each job, in the order of the jobs. */
  run(jobs: readonly Job[]): Promise<readonly Tally[]>;
  close(): Promise<void>;
}

export function openPool(threads: number): Pool {
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./worker.ts', import.meta.url)));
  return {
    async run(jobs) {
      const results: Tally[] = [];
      const queue = jobs.entries();
      const serve = async (worker: Worker): Promise<void> => {
        for (const [index, job] of queue) results[index] = await ask(worker, job);
      };
      await Promise.all(workers.map(serve));
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, job: Job): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const settle = (tally: Tally): void => {
      worker.off('error', reject);
      resolve(tally);
    };
    worker.once('message', settle);
    worker.once('error', reject);
    worker.postMessage(job);
  });
}
