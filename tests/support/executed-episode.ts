import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { type Ledger, newBlob } from '../../src/ledger/ledger.ts';
import { copyLedger } from './copy-ledger.ts';
import { repairedEpisode } from './repaired-episode.ts';
import { eventsOf } from './toy-run.ts';

type Finished = Extract<PawlEvent, { type: 'ExecutionFinished' }>['data'];

/** What the executions of `repairedEpisode` come to when they are executed again. */
export const asRecorded = [
  '3 public pass result 0',
  '9 public pass result 0',
  '15 public pass result 0',
  '19 hidden pass result 0',
];

/** `repairedEpisode`, with its first execution: the given program fails both public tests. */
export async function executedEpisode() {
  const { store, ledger, stream } = await repairedEpisode();
  const event = (await eventsOf(ledger, stream)).find(({ type }) => type === 'ExecutionFinished');
  if (event?.type !== 'ExecutionFinished') throw new Error('an execution');
  const { digest } = event.data.result;
  const text = await ledger.getText(digest);
  return { store, ledger, stream, first: { digest, text } };
}

/** A copy in which the first execution of an episode says something else, with digests and sizes in order. */
export async function forgedExecution(
  store: EventStore,
  stream: StreamName,
  change: (data: Finished) => Partial<Finished>,
  text?: string,
): Promise<Ledger> {
  const blob = text === undefined ? null : newBlob(text);
  const copy = await copyLedger(store, {
    stream,
    events: (events) => {
      let done = false;
      return events.map((event) => {
        if (done || event.type !== 'ExecutionFinished') return event;
        done = true;
        const data = blob === null ? event.data : { ...event.data, result: blob.ref };
        return { ...event, data: { ...data, ...change(data) } };
      });
    },
  });
  if (blob !== null) await copy.putBlobs([blob.blob]);
  return copy;
}

/** A result with something changed, in canonical form. */
export function resultWith(text: string, change: (result: ExecutionResult) => object): string {
  const result = JSON.parse(text) as ExecutionResult;
  return canonicalJson({ ...result, ...change(result) });
}
