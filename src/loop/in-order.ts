import { RerunPaused, type RerunSignals } from './rerun-executor.ts';

export interface InOrderOptions {
  /** Items under way at a time, beyond the one whose result is due: a slow one does not keep the others waiting. */
  readonly ahead: number;
  readonly signals: RerunSignals;
  /** Told whenever one is done, in whatever order that happens. */
  readonly onDone: () => void;
}

/**
 * Works on many items at a time and gives the results in the order of the items. After a pause it ends with what is whole by
 * then: an item whose work throws `RerunPaused` gives nothing.
 *
 * @throws what `work` throws; the abort signal's reason
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  { ahead, signals, onDone }: InOrderOptions,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result | null>[] = [];
  for await (const item of items) {
    signals.abort.throwIfAborted();
    if (signals.pause.aborted) break;
    const result = wholeOrNothing(work(item), onDone);
    // It is awaited below, in its turn; until then a failure must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length <= ahead) continue;
    const next = await underWay.shift();
    if (next != null) yield next;
  }
  for (const result of underWay) {
    const next = await result;
    if (next !== null) yield next;
  }
}

async function wholeOrNothing<Result>(work: Promise<Result>, onDone: () => void): Promise<Result | null> {
  try {
    const result = await work;
    onDone();
    return result;
  } catch (error) {
    if (error instanceof RerunPaused) return null;
    throw error;
  }
}
