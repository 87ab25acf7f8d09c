import type { StreamName } from '../../../kernel/brand.ts';
import type { TakenFrom, WorkTerms } from '../../work-queue.ts';
import { judgeTake } from '../judge-take.ts';
import type { ItemRow, WorkQueueRows } from './work-queue-rows.ts';

/** What a watcher knows of the workers after a look at all of them. */
export interface Silence {
  ofMs(worker: string): number;
  /** Workers of whom nothing was heard for so long. */
  for(durationMs: number): readonly string[];
}

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
  silence: Silence,
): { readonly row: ItemRow; readonly terms: WorkTerms } | undefined {
  const found = rows.run(run);
  if (found === undefined) return undefined;
  const silent = silence.for(found.terms.leaseMs).filter((other) => other !== worker);
  const [first] = [
    rows.firstWaiting(found.run),
    ...silent.map((other) => rows.firstTakenBy(other, found.run)),
  ]
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
  silence: Silence,
): Granted | null {
  for (;;) {
    const next = nextToBeHad(rows, run, worker, silence);
    if (next === undefined) return null;
    const { item, episode, kept } = next.row;
    const judgement = judgeTake(kept, worker, silence.ofMs(kept.worker ?? worker), next.terms);
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
