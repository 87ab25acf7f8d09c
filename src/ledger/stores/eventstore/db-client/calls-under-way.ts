import { LogFailure } from '../log-client.ts';
import { toLogFailure } from './to-log-failure.ts';

/**
 * Bounds every call by a timer of our own, because the library bounds only some of them, and lets all be ended at once. What a
 * call does after its time is nobody's concern any more; above all, it cannot become an unhandled rejection.
 */
export class CallsUnderWay {
  readonly #ends = new Set<(failure: LogFailure) => void>();
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** @throws LogFailure whatever the action throws, `timeout`, or `disposed` */
  run<Result>(what: string, timeoutMs: number, action: () => Promise<Result>): Promise<Result> {
    if (this.#disposed) return Promise.reject(disposed());
    return new Promise((resolve, reject) => {
      const end = (failure: LogFailure): void => {
        settled();
        reject(failure);
      };
      const timer = setTimeout(() => {
        end(new LogFailure('timeout', `${what} had no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      const settled = (): void => {
        clearTimeout(timer);
        this.#ends.delete(end);
      };
      this.#ends.add(end);
      action().then(
        (result) => {
          settled();
          resolve(result);
        },
        (error: unknown) => end(toLogFailure(error)),
      );
    });
  }

  /** Everything under way fails as `disposed`, and so does whatever comes. */
  dispose(): void {
    this.#disposed = true;
    for (const end of this.#ends) end(disposed());
  }
}

/** For whatever comes after the end. */
export function disposed(): LogFailure {
  return new LogFailure('disposed', 'the connection was closed');
}
