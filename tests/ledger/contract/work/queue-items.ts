import type { StreamName } from '../../../../src/kernel/brand.ts';
import type { WorkItem } from '../../../../src/ledger/work-queue.ts';

export const leaseMs = 10_000;
export const never = new AbortController().signal;
export const run = 'run-01J8XK3QZV0000000000000RUN' as StreamName;

export function item(number: number, ofRun: StreamName = run): WorkItem {
  return { run: ofRun, episode: `episode-01J8XK3QZV00000000000${10_000 + number}` as StreamName };
}

export function items(...numbers: readonly number[]): readonly WorkItem[] {
  return numbers.map((number) => item(number));
}

/** The number that `item` made the name of. */
export function numberOf({ episode }: { readonly episode: StreamName }): number {
  return Number(episode.slice(-5)) - 10_000;
}

/** A valid ULID that ends in the letter. */
export function workerName(letter: string): string {
  return `01J8XK3QZV000000000000000${letter}`;
}
