import { type AnyRecordedEvent, decodeRecord } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { auditStreams } from '../../ledger/audit/audit-streams.ts';
import type { EventStore, StoredRecord } from '../../ledger/event-store.ts';
import { suiteStream } from '../../loop/stream-names.ts';
import type { StreamClaim } from './bundle-format.ts';
import { type BlobUse, blobUsesOf, type Redactable } from './redaction.ts';

/** What a bundle is about: a run, or one episode of it. */
export interface BundleScope {
  readonly run: StreamName;
  readonly episode: StreamName | null;
}

/** All that a bundle holds of a ledger but the bytes of its blobs. */
export interface Selection {
  /** By position, ascending. */
  readonly records: readonly StoredRecord[];
  readonly streams: readonly StreamClaim[];
  /** Runs and episodes that were looked at, also those of which there is nothing yet. */
  readonly work: readonly StreamName[];
  /** Blobs that are referred to: the sizes that the records give, and every kind they are used as. */
  readonly uses: ReadonlyMap<Digest, { readonly bytes: number; readonly kinds: ReadonlySet<Redactable> }>;
}

/**
 * Reads what concerns a run or an episode, as it stood when the ledger had `size` records: the streams of the run, its
 * episodes, its suite and the ledger's keys whole; those of a run it was branched off too; and of erasures, replays and
 * findings what is about them.
 *
 * @throws PawlError `RUN_NOT_FOUND`, `LEDGER_CORRUPT`, and those of the store
 */
export async function selectRecords(store: EventStore, scope: BundleScope, size: number): Promise<Selection> {
  const selector = new Selector(store, size);
  await selector.run(scope.run, scope.episode);
  await selector.whole(auditStreams.keys);
  await selector.aboutIt();
  return selector.selection();
}

class Selector {
  readonly #store: EventStore;
  readonly #size: number;
  readonly #records: StoredRecord[] = [];
  readonly #streams = new Map<StreamName, StreamClaim>();
  readonly #work = new Set<StreamName>();
  readonly #uses = new Map<Digest, { readonly bytes: number; readonly kinds: Set<Redactable> }>();

  constructor(store: EventStore, size: number) {
    this.#store = store;
    this.#size = size;
  }

  /** A run with one of its episodes, or all of them; and what they were branched off. */
  async run(run: StreamName, episode: StreamName | null): Promise<void> {
    const events = await this.#runAlone(run);
    if (events[0]?.type !== 'RunStarted') {
      throw new PawlError(
        'RUN_NOT_FOUND',
        `${run} is not among the first ${this.#size} records, which are those that the newest checkpoint covers. An export that may write to the ledger has a checkpoint signed first.`,
        { context: { run, size: this.#size } },
      );
    }
    for (const event of events) {
      if (event.type !== 'EpisodeScheduled') continue;
      if (episode === null || event.data.episode === episode) await this.#episode(event.data.episode);
    }
  }

  /** Without its episodes: what it takes to know how one of them began. */
  async #runAlone(run: StreamName): Promise<readonly AnyRecordedEvent[]> {
    const events = await this.whole(run);
    const [first] = events;
    if (first?.type !== 'RunStarted') return events;
    const { suite, forkedFrom } = first.data;
    await this.whole(suiteStream(suite));
    if (forkedFrom?.stream.startsWith('run-')) await this.#runAlone(forkedFrom.stream);
    return events;
  }

  async #episode(episode: StreamName): Promise<void> {
    const [first] = await this.whole(episode);
    if (first?.type !== 'EpisodeStarted') return;
    const { run, forkedFrom } = first.data;
    await this.#runAlone(run);
    if (forkedFrom !== null) await this.#episode(forkedFrom.episode);
  }

  /** Every record of a stream; nothing for a stream that does not exist, or not yet. */
  async whole(stream: StreamName): Promise<readonly AnyRecordedEvent[]> {
    if (this.#streams.has(stream)) return [];
    if (/^(run|episode)-/.test(stream)) this.#work.add(stream);
    const read = await this.#read(stream);
    for (const { record, event } of read) this.#take(record, event);
    if (read.length > 0) this.#streams.set(stream, { name: stream, records: read.length, part: 'whole' });
    return read.map(({ event }) => event);
  }

  async aboutIt(): Promise<void> {
    const { erasures, replays, findings } = auditStreams;
    for (const stream of [erasures, replays, findings]) {
      const read = await this.#read(stream);
      const concerning = read.filter(({ event }) => this.#concerns(event));
      for (const { record, event } of concerning) this.#take(record, event);
      if (concerning.length > 0) {
        this.#streams.set(stream, { name: stream, records: concerning.length, part: 'selected' });
      }
    }
  }

  selection(): Selection {
    const records = this.#records.sort((left, right) => left.position - right.position);
    // In the order of their first records, as a ledger lists its streams.
    const order = new Set(records.map(({ stream }) => stream));
    const streams = [...order].map((name) => this.#streams.get(name) as StreamClaim);
    return { records, streams, work: [...this.#work], uses: this.#uses };
  }

  #concerns(event: AnyRecordedEvent): boolean {
    if (event.type === 'BlobErased') return this.#uses.has(event.data.blob.digest);
    if (event.type === 'FindingRaised') return this.#streams.has(event.data.run);
    if (event.type !== 'ReplayFinished') return false;
    // A window of time may follow the name.
    const [name = ''] = event.data.scope.split(' ');
    return name === 'all' || this.#streams.has(name as StreamName);
  }

  async #read(
    stream: StreamName,
  ): Promise<readonly { readonly record: StoredRecord; readonly event: AnyRecordedEvent }[]> {
    const read: { record: StoredRecord; event: AnyRecordedEvent }[] = [];
    for await (const record of this.#store.readStream(stream)) {
      if (record.position >= this.#size) break;
      read.push({ record, event: decodeRecord(record.position, record.bytes) });
    }
    return read;
  }

  #take(record: StoredRecord, event: AnyRecordedEvent): void {
    // Its own copy: a store may hand out a view into a batch that would be kept alive as a whole.
    this.#records.push({
      ...record,
      bytes: Uint8Array.from(record.bytes),
      leaf: Uint8Array.from(record.leaf),
    });
    for (const use of blobUsesOf(event)) this.#use(use);
  }

  #use({ ref, kinds }: BlobUse): void {
    const known = this.#uses.get(ref.digest);
    if (known === undefined) this.#uses.set(ref.digest, { bytes: ref.bytes, kinds: new Set(kinds) });
    else for (const kind of kinds) known.kinds.add(kind);
  }
}
