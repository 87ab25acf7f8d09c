import { parentPort, workerData } from 'node:worker_threads';
import { rederiveImported } from '../exchange/rederive-imported.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { invariant, isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { type PlainError, toPlainError } from '../ledger/stores/sqlite/plain-error.ts';
import { LedgerReplay } from '../loop/replay-ledger.ts';
import type { StreamReplay } from '../loop/replay-verdict.ts';

export interface ReplayWorkerData {
  readonly address: string;
}

/** What a worker is sent: streams, each with its place in the whole. */
export type ToReplayWorker = readonly { readonly index: number; readonly stream: StreamName }[];

export type FromReplayWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly index: number; readonly replay: StreamReplay }
  | { readonly kind: 'failed'; readonly error: PlainError };

const noIds = {
  next: (): never => {
    throw new PawlError('INTERNAL', 'replay writes nothing, so it needs no ids');
  },
};

/** Replays streams in a thread of its own, over a connection of its own that can only read. */
async function serve(): Promise<void> {
  const port = parentPort;
  invariant(port !== null, 'this module only runs as a worker thread');
  const post = (message: FromReplayWorker): void => port.postMessage(message);
  const fail = (error: unknown): void => {
    const coded = isPawlError(error) ? error : new PawlError('INTERNAL', messageOf(error));
    post({ kind: 'failed', error: toPlainError(coded) });
  };
  try {
    const { address } = workerData as ReplayWorkerData;
    const options = { mode: 'read', create: false, clock: systemClock, ids: noIds } as const;
    const ledger = await openLedger(address, options);
    const replay = new LedgerReplay(ledger, { rederive: rederiveImported });
    port.on('message', async (streams: ToReplayWorker) => {
      try {
        for (const { index, stream } of streams)
          post({ kind: 'done', index, replay: await replay.stream(stream) });
        post({ kind: 'ready' });
      } catch (error) {
        fail(error);
      }
    });
    post({ kind: 'ready' });
  } catch (error) {
    fail(error);
  }
}

await serve();
