/** Count, sum and sum of squares per figure. */
export type Tally = Readonly<Record<string, Moments>>;

interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
  /** Standard deviation of one loop. */
  readonly deviation: number;
}

/** Adds up what loops came to, in their order. */
export function tallyOf(results: Iterable<Readonly<Record<string, number>>>): Tally {
  const tally: Record<string, { count: number; sum: number; squares: number }> = {};
  for (const result of results) {
    for (const [name, value] of Object.entries(result)) {
      tally[name] ??= { count: 0, sum: 0, squares: 0 };
      const moments = tally[name];
      moments.count += 1;
      moments.sum += value;
      moments.squares += value * value;
    }
  }
  return tally;
}

/** Of shares that are merged in a fixed order, so that the last digit does not depend on which thread was faster. */
export function mergeTallies(shares: readonly Tally[]): Tally {
  const merged: Record<string, Moments> = {};
  for (const share of shares) {
    for (const [name, { count, sum, squares }] of Object.entries(share)) {
      const before = merged[name] ?? { count: 0, sum: 0, squares: 0 };
      merged[name] = {
        count: before.count + count,
        sum: before.sum + sum,
        squares: before.squares + squares,
      };
    }
  }
  return merged;
}

export function estimateOf(tally: Tally, name: string): Estimate | null {
  const moments = tally[name];
  if (moments === undefined) return null;
  const mean = moments.sum / moments.count;
  const deviation = Math.sqrt(Math.max(0, moments.squares / moments.count - mean * mean));
  return { mean, deviation, error: deviation / Math.sqrt(moments.count) };
}
