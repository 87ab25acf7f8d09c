import { leafHash } from '../../../audit/tree-hash.ts';
import type { LogClient, LogEvent } from '../log-client.ts';
import { LogFailure } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import type { OrderEntry } from './order-entry.ts';
import { orderFaults } from './order-faults.ts';
import type { OrderIntake } from './order-intake.ts';
import type { PlacedEvent } from './recent-records.ts';
import { type Bearing, Retrying } from './retrying.ts';

export interface RangeOptions extends Bearing {
  readonly client: LogClient;
  readonly prefix: string;
  readonly callTimeoutMs: number;
}

const recordsPerBatch = 256;
const entriesPerLook = 1024;

/**
 * Records with their bytes from position `from` to before `to`, all of which the index knows: each as the log has it, and the
 * same as when its place was given. Goes on where a connection broke; memory is bounded by a batch. Ends early, without an error,
 * when `until` is aborted.
 *
 * @throws PawlError `STREAM_TRUNCATED`, `LEDGER_CORRUPT`, `LEDGER_CLOSED`, those of `coded`
 */
export async function* readRange(
  intake: OrderIntake,
  options: RangeOptions,
  from: number,
  to: number,
  until: AbortSignal,
): AsyncGenerator<readonly PlacedEvent[]> {
  const signal = AbortSignal.any([until, intake.stopped]);
  const retrying = new Retrying(options, signal);
  for (let next = from; next < to; ) {
    intake.mustBeWell();
    if (signal.aborted) return;
    const recent = intake.recent.run(next, Math.min(to, next + recordsPerBatch));
    if (recent.length > 0) {
      yield recent;
      next += recent.length;
      continue;
    }
    try {
      for await (const batch of followRange(intake, options, next, to, signal)) {
        yield batch;
        next += batch.length;
        retrying.progressed();
      }
    } catch (error) {
      intake.mustBeWell();
      if (!(error instanceof LogFailure)) throw error;
      if (retrying.isHopeless(error)) throw options.coded(error);
      await retrying.pause().catch(() => undefined);
    }
  }
}

/** As far as one connection brings it. @throws LogFailure, also when nothing comes any more */
async function* followRange(
  intake: OrderIntake,
  { client, prefix, callTimeoutMs, clock }: RangeOptions,
  from: number,
  to: number,
  until: AbortSignal,
): AsyncGenerator<readonly PlacedEvent[]> {
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, until]);
  const filter = { streamPrefixes: [`${prefix}.`] };
  const after = intake.index.entries(from - 1, from > 0 ? 1 : 0)[0]?.at ?? 'start';
  const progress = { received: 0, isWaiting: true };
  void endWhenSilent(progress, end, signal, () => clock.sleep(callTimeoutMs, signal));
  let due: readonly OrderEntry[] = [];
  let batch: PlacedEvent[] = [];
  let next = from;
  try {
    for await (const news of client.follow(filter, after, signal, callTimeoutMs)) {
      progress.received += 1;
      if (news.kind !== 'event') continue;
      let entry = due[next - (due[0]?.position ?? 0)];
      if (entry === undefined) {
        due = intake.index.entries(next, entriesPerLook);
        entry = due[0] as OrderEntry;
      }
      mustBe(news.event, entry, prefix, intake);
      batch.push({ entry, event: news.event });
      next += 1;
      if (batch.length < recordsPerBatch && next < to) continue;
      progress.isWaiting = false;
      yield batch;
      if (next === to) return;
      progress.isWaiting = true;
      batch = [];
    }
    if (until.aborted) return;
    // What came before the connection broke is as good as any.
    if (batch.length > 0) yield batch;
    throw new LogFailure('timeout', `reading the log brought nothing for ${callTimeoutMs} ms`);
  } finally {
    end.abort();
  }
}

/** A server that stops in the middle says nothing; whoever takes his time with a batch is no reason to end. */
async function endWhenSilent(
  progress: { readonly received: number; readonly isWaiting: boolean },
  end: AbortController,
  signal: AbortSignal,
  sleep: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const { received } = progress;
    await sleep().catch(() => undefined);
    if (progress.isWaiting && progress.received === received) end.abort();
  }
}

function mustBe(event: LogEvent, entry: OrderEntry, prefix: string, intake: OrderIntake): void {
  const name = `${prefix}.${entry.stream}`;
  // What is due does not come when it is gone: the next event is another one.
  const isThere =
    event.stream === name &&
    event.revision === entry.revision &&
    comparePositions(event.position, entry.at) === 0;
  if (!isThere) throw intake.fail(orderFaults.missing(name, entry.revision));
  if (Buffer.compare(leafHash(event.data), entry.leaf) !== 0) {
    throw intake.fail(orderFaults.otherBytes(name, entry.revision));
  }
}
