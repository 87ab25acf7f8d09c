import type { BlobRef } from '../../events/shapes.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { blobRefsOf } from '../blob-refs.ts';
import type { AppendRequest, EventStore, StoredRecord } from '../event-store.ts';
import { checkRecord } from './check-record.ts';

/** How much goes into one append. */
export interface RunLimits {
  readonly recordsMax: number;
  /** Of the records' bytes; a single record may be longer. */
  readonly bytesMax: number;
}

/** Records that stand side by side in the ledger and belong to one stream: one append. */
export interface RecordRun {
  readonly request: AppendRequest & { readonly atPosition: number };
  readonly leaves: readonly Uint8Array[];
  readonly bytes: number;
  /** What the records refer to, with the position of the record. */
  readonly refs: readonly (BlobRef & { readonly position: number })[];
}

/**
 * The records from one position to another (exclusive) as appends that write them down again in the same order, each record
 * checked.
 *
 * @param limits asked anew for every run
 * @throws PawlError `LEDGER_CORRUPT`, and those of `EventStore.readAll`
 */
export async function* recordRuns(
  source: EventStore,
  from: number,
  to: number,
  limits: () => RunLimits,
): AsyncGenerator<RecordRun> {
  let due = from;
  let run: StoredRecord[] = [];
  let bytes = 0;
  let { recordsMax, bytesMax } = limits();
  if (from >= to) return;
  for await (const record of source.readAll(from)) {
    checkRecord(record, due, source.address);
    const isFull = run.length >= recordsMax || bytes + record.bytes.length > bytesMax;
    if (run.length > 0 && (isFull || run[0]?.stream !== record.stream)) {
      yield toRun(run, bytes);
      run = [];
      bytes = 0;
      ({ recordsMax, bytesMax } = limits());
    }
    run.push(record);
    bytes += record.bytes.length;
    due += 1;
    if (due === to) break;
  }
  if (due !== to) throw endsEarly(source.address, due, to);
  if (run.length > 0) yield toRun(run, bytes);
}

function endsEarly(address: string, size: number, expected: number): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `${address} has ${expected} records by its tree, and only ${size} can be read. \`pawl verify\` lists all that is wrong with it.`,
    { context: { address, size, expected } },
  );
}

function toRun(run: readonly StoredRecord[], bytes: number): RecordRun {
  const { stream, revision, position } = run[0] as StoredRecord;
  const request = {
    ...{ stream, expectedRevision: revision - 1, atPosition: position, blobs: [] },
    records: run.map(({ id, bytes }) => ({ id, bytes })),
  };
  return { request, leaves: run.map(({ leaf }) => leaf), bytes, refs: run.flatMap(refsOf) };
}

function refsOf({ bytes, position }: StoredRecord): RecordRun['refs'] {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Nothing else can be a reference, and most records have none.
  if (!raw.includes('"digest":"')) return [];
  const { data } = JSON.parse(raw.toString('utf8')) as { readonly data: unknown };
  return blobRefsOf(data).map((ref) => ({ ...ref, position }));
}
