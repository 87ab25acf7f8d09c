import { Worker } from 'node:worker_threads';
import type { StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { fromPlainError } from '../ledger/stores/sqlite/plain-error.ts';
import type { StreamReplay } from '../loop/replay-verdict.ts';
import type { FromReplayWorker, ReplayWorkerData, ToReplayWorker } from './replay-worker.ts';

/** Few enough that the last of them do not keep the others waiting, enough that messages cost nothing. */
const streamsAtATime = 8;

/**
 * Replays streams in worker threads, each with its own connection to the ledger.
 *
 * @param onStream told of each in the order of `streams`, whichever thread was done first
 * @throws PawlError the first failure of a worker; the others are stopped
 */
export async function replayInWorkers(
  address: string,
  streams: readonly StreamName[],
  workers: number,
  onStream: (replay: StreamReplay) => void,
): Promise<void> {
  if (streams.length === 0) return;
  let next = 0;
  let told = 0;
  const waiting = new Map<number, StreamReplay>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();

  const take = (): ToReplayWorker => {
    const from = next;
    next = Math.min(streams.length, from + streamsAtATime);
    return streams.slice(from, next).map((stream, offset) => ({ index: from + offset, stream }));
  };
  const tell = (index: number, replay: StreamReplay): void => {
    waiting.set(index, replay);
    for (let due = waiting.get(told); due !== undefined; due = waiting.get(told)) {
      waiting.delete(told);
      told += 1;
      onStream(due);
    }
    if (told === streams.length) resolve();
  };
  const data: ReplayWorkerData = { address };
  const threads = Array.from({ length: workers }, () => {
    const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), {
      workerData: data,
      execArgv: [],
    });
    worker.on('message', (message: FromReplayWorker) => {
      if (message.kind === 'failed') reject(fromPlainError(message.error));
      else if (message.kind === 'done') tell(message.index, message.replay);
      else if (next < streams.length) worker.postMessage(take());
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new PawlError('INTERNAL', 'A thread that replays ended by itself.')));
    return worker;
  });
  try {
    await promise;
  } finally {
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}
