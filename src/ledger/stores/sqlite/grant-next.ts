import type { StreamName } from '../../../kernel/brand.ts';
import type { TakenFrom, WorkTerms } from '../../work-queue.ts';
import { judgeTake } from '../judge-take.ts';
import type { ItemRow, WorkQueueRows } from './work-queue-rows.ts';

export interface Granted {
  readonly episode: StreamName;
  readonly grant: string;
  readonly attempt: number;
  readonly from: TakenFrom | null;
}

/**
 * The first item of a run, in the order of offering, that waits or that a silent worker has; its attempts may be used up.
 * Looks at one item of every silent worker, and at one that waits.
 */
export function nextToBeHad(
  rows: WorkQueueRows,
  run: StreamName,
  worker: string,
  silentMs: (worker: string) => number,
): { readonly row: ItemRow; readonly terms: WorkTerms } | undefined {
  const found = rows.run(run);
  if (found === undefined) return undefined;
  const silent = rows
    .signs()
    .filter(([other]) => other !== worker && silentMs(other) >= found.terms.leaseMs)
    .map(([other]) => rows.firstTakenBy(other, found.run));
  const [first] = [rows.firstWaiting(found.run), ...silent]
    .filter((row) => row !== undefined)
    .sort((a, b) => a.item - b.item);
  return first === undefined ? undefined : { row: first, terms: found.terms };
}

/** Hands out the next item under a new grant, and parks those before it that are used up. In one transaction. */
export function grantNext(
  rows: WorkQueueRows,
  run: StreamName,
  worker: string,
  grant: string,
  silentMs: (worker: string) => number,
): Granted | null {
  for (;;) {
    const next = nextToBeHad(rows, run, worker, silentMs);
    if (next === undefined) return null;
    const { item, episode, kept } = next.row;
    const judgement = judgeTake(kept, worker, silentMs(kept.worker ?? worker), next.terms);
    if (judgement.kind === 'refused') return null;
    if (judgement.kind === 'parked') {
      rows.updateItem(item, { ...kept, state: 'parked', reason: judgement.reason });
      continue;
    }
    const { attempt, from } = judgement;
    rows.updateItem(item, { ...kept, state: 'taken', attempts: attempt, grant, worker, why: null });
    rows.sign(worker, null);
    return { episode, grant, attempt, from };
  }
}
