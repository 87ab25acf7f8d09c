/**
 * For how long each worker has given no sign of life, by the monotonic clock of whoever watches. What a sign is does not matter
 * as long as the next one differs; no time of another machine comes in. A worker that is seen for the first time was heard of
 * just now.
 */
export class WorkerWatch {
  #seen: ReadonlyMap<string, { readonly sign: number; readonly sinceMs: number }> = new Map();

  /**
   * Takes in the last sign of every worker there is; those that are not among them are forgotten.
   *
   * @param nowMs read after the signs were, so that a pause between the two is not taken for silence
   */
  observe(signs: Iterable<readonly [worker: string, sign: number]>, nowMs: number): void {
    const seen = new Map<string, { sign: number; sinceMs: number }>();
    for (const [worker, sign] of signs) {
      const before = this.#seen.get(worker);
      seen.set(worker, before?.sign === sign ? before : { sign, sinceMs: nowMs });
    }
    this.#seen = seen;
  }

  /**
   * Not above 0 for a worker that was not among those observed last.
   *
   * @param nowMs read before the last signs were, for the same reason
   */
  silentMs(worker: string, nowMs: number): number {
    return nowMs - (this.#seen.get(worker)?.sinceMs ?? nowMs);
  }

  /** Those of whom nothing was heard for that long, as `silentMs` counts. */
  silentFor(durationMs: number, nowMs: number): readonly string[] {
    const silent: string[] = [];
    for (const [worker, { sinceMs }] of this.#seen) if (nowMs - sinceMs >= durationMs) silent.push(worker);
    return silent;
  }
}
