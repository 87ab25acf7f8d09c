import type { Readable } from 'node:stream';
import type { LogEvent } from '../log-client.ts';
import type { CallsUnderWay } from './calls-under-way.ts';

/** A read of the library: a stream of events that can be cancelled on the wire. */
export interface ForeignRead extends Readable {
  cancel(): Promise<void>;
}

/**
 * All events of one bounded read. The call is ended on the server too, however it ends here: a read that is merely not looked at
 * any more stays open on the wire for ever.
 *
 * @throws LogFailure
 */
export async function readPage(
  calls: CallsUnderWay,
  what: string,
  timeoutMs: number,
  start: () => ForeignRead,
): Promise<readonly LogEvent[]> {
  let read: ForeignRead | undefined;
  let ended = false;
  try {
    return await calls.run(what, timeoutMs, () => {
      const started = start();
      read = started;
      return new Promise<readonly LogEvent[]>((resolve, reject) => {
        const events: LogEvent[] = [];
        // Whoever listens for `error` first and for good: an error that nobody hears ends the process.
        started.on('error', (error: Error & { readonly type?: string }) => {
          if (error.type === 'stream-not-found') resolve([]);
          else reject(error);
        });
        started.on('data', ({ event }: { readonly event: LogEvent }) => events.push(event));
        started.on('end', () => {
          ended = true;
          resolve(events);
        });
      });
    });
  } finally {
    if (read !== undefined && !ended) {
      read.cancel().catch(() => undefined);
      read.destroy();
    }
  }
}
