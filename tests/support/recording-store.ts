import { decodeRecord } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { AppendRequest, AppendResult, EventStore } from '../../src/ledger/event-store.ts';
import { FaultyStore } from './faulty-store.ts';

/** Remembers what was appended in one piece. */
export class RecordingStore extends FaultyStore {
  readonly #appends: { readonly stream: StreamName; readonly types: readonly string[] }[] = [];

  constructor(store: EventStore) {
    super(store, null, 0);
  }

  override async append(request: AppendRequest): Promise<AppendResult> {
    const result = await super.append(request);
    const types = request.records.map(({ bytes }) => decodeRecord(0, bytes).type);
    this.#appends.push({ stream: request.stream, types });
    return result;
  }

  /** Event types of each append to a stream, in order. */
  appendsOf(stream: StreamName): readonly (readonly string[])[] {
    return this.#appends.filter((append) => append.stream === stream).map(({ types }) => types);
  }
}
