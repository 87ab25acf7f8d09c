import type { Readable } from 'node:stream';
import { LogFailure } from '../log-client.ts';
import { toLogFailure } from './to-log-failure.ts';

/** A subscription of the library: a stream of what it brings, that can be ended on the wire. */
export interface ForeignSubscription extends Readable {
  unsubscribe(): Promise<void>;
}

/**
 * What a subscription brings, in order, until the signal is aborted. Whatever ends it otherwise is a failure, also when the
 * server ends it politely: the library leaves a subscription dead without a word.
 *
 * @param silenceMsMax time for the first sign of life, null for no limit
 * @throws LogFailure
 */
export async function* liveItems<Item>(
  subscription: ForeignSubscription,
  signal: AbortSignal,
  silenceMsMax: number | null,
): AsyncGenerator<Item> {
  let silence: LogFailure | undefined;
  const stop = (): void => {
    subscription.unsubscribe().catch(() => undefined);
    subscription.destroy();
  };
  const silent = (): void => {
    silence = new LogFailure('timeout', `the subscription brought nothing for ${silenceMsMax} ms`);
    stop();
  };
  const timer = silenceMsMax === null ? undefined : setTimeout(silent, silenceMsMax);
  const heard = (): void => clearTimeout(timer);
  // For good: what fails after nobody reads it any more must not end the process.
  subscription.on('error', () => undefined);
  subscription.once('confirmation', heard);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    for await (const item of subscription) {
      heard();
      if (signal.aborted) return;
      yield item as Item;
    }
    if (!signal.aborted) throw silence ?? new LogFailure('unreachable', 'the server ended the subscription');
  } catch (error) {
    if (signal.aborted) return;
    throw silence ?? toLogFailure(error);
  } finally {
    heard();
    signal.removeEventListener('abort', stop);
    stop();
  }
}
