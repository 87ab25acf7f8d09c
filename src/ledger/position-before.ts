import type { Ledger } from './ledger.ts';

/**
 * Position of the last record that was written before a time (milliseconds since the epoch); null when there is none. Looks at
 * some twenty records of a million: where a writer's clock was put back in between, it is a record near that place.
 */
export async function positionBefore(ledger: Ledger, time: number): Promise<number | null> {
  let low = 0;
  let high = (await ledger.head()).size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeAt(ledger, middle)) < time) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : low - 1;
}

async function timeAt(ledger: Ledger, position: number): Promise<number> {
  for await (const { at } of ledger.readAll(position)) return at;
  return Number.POSITIVE_INFINITY;
}
