import { type AnyRecordedEvent, decodeRecord } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { auditStreams } from '../../ledger/audit/audit-streams.ts';
import type { EventStore, StoredRecord } from '../../ledger/event-store.ts';
import { suiteStream } from '../../loop/stream-names.ts';
import type { StreamClaim } from './bundle-format.ts';
import { isOfAnother, proposalRuns } from './proposal-runs.ts';
import { type BlobUse, blobUsesOf, type Redactable } from './redaction.ts';

/** A run, or one episode of it. */
export interface RunScope {
  readonly run: StreamName;
  readonly episode: StreamName | null;
}

/** A proposal of a line of improvement. */
export interface ProposalScope {
  readonly improvement: StreamName;
  readonly proposal: string;
}

/** What a bundle is about. */
export type BundleScope = RunScope | ProposalScope;

/** All that a bundle holds of a ledger but the bytes of its blobs. */
export interface Selection {
  /** By position, ascending. */
  readonly records: readonly StoredRecord[];
  readonly streams: readonly StreamClaim[];
  /** Runs, episodes and lines that were looked at, also those of which there is nothing yet. */
  readonly work: readonly StreamName[];
  /** Blobs that are referred to. */
  readonly uses: ReadonlyMap<Digest, SelectedBlob>;
}

export interface SelectedBlob {
  /** As the records give it. */
  readonly bytes: number;
  /** Every kind it is used as. */
  readonly kinds: ReadonlySet<Redactable>;
  /** Nothing but the examination of another proposal refers to it. */
  readonly isOutside: boolean;
}

/**
 * Reads what concerns a run, an episode or a proposal, as it stood when the ledger had `size` records: the streams of the run,
 * its episodes, its suite and the ledger's keys whole; those of a run it was branched off too; of a proposal its whole line and
 * the runs that its evidence rests on; and of erasures, replays and findings what is about them.
 *
 * @throws PawlError `RUN_NOT_FOUND`, `PROPOSAL_NOT_FOUND`, `LEDGER_CORRUPT`, and those of the store
 */
export async function selectRecords(store: EventStore, scope: BundleScope, size: number): Promise<Selection> {
  const selector = new Selector(store, size, 'proposal' in scope ? scope.proposal : null);
  if ('proposal' in scope) await selector.line(scope);
  else await selector.run(scope.run, scope.episode);
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
  readonly #proposal: string | null;
  readonly #uses = new Map<Digest, Use>();

  constructor(store: EventStore, size: number, proposal: string | null) {
    this.#store = store;
    this.#size = size;
    this.#proposal = proposal;
  }

  /** A whole line of improvement with its suite, and the runs that one proposal rests on. */
  async line({ improvement, proposal }: ProposalScope): Promise<void> {
    const events = await this.whole(improvement);
    if (!events.some((event) => event.type === 'ChangeProposed' && event.data.proposal === proposal)) {
      throw notYet('PROPOSAL_NOT_FOUND', `The proposal ${proposal} of ${improvement}`, this.#size, {
        proposal,
      });
    }
    for (const event of events)
      if (event.type === 'ImprovementOpened') await this.whole(suiteStream(event.data.suite));
    for (const run of proposalRuns(events, proposal)) {
      // Named before it was begun.
      if ((await this.#store.lastRevision(run)) >= 0) await this.run(run, null);
    }
  }

  /** A run with one of its episodes, or all of them; and what they were branched off. */
  async run(run: StreamName, episode: StreamName | null): Promise<void> {
    const events = await this.#runAlone(run);
    if (events[0]?.type !== 'RunStarted') {
      throw notYet('RUN_NOT_FOUND', run, this.#size, { run });
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
    if (/^(run|episode|improvement)-/.test(stream)) this.#work.add(stream);
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
    const isOutside = this.#proposal !== null && isOfAnother(event, this.#proposal);
    for (const use of blobUsesOf(event)) this.#use(use, isOutside);
  }

  #use({ ref, kinds }: BlobUse, isOutside: boolean): void {
    const known = this.#uses.get(ref.digest);
    if (known === undefined) {
      this.#uses.set(ref.digest, { bytes: ref.bytes, kinds: new Set(kinds), isOutside });
      return;
    }
    for (const kind of kinds) known.kinds.add(kind);
    known.isOutside &&= isOutside;
  }
}

interface Use {
  readonly bytes: number;
  readonly kinds: Set<Redactable>;
  isOutside: boolean;
}

function notYet(
  code: 'RUN_NOT_FOUND' | 'PROPOSAL_NOT_FOUND',
  what: string,
  size: number,
  context: JsonObject,
): PawlError {
  const message = `${what} is not among the first ${size} records, which are those that the newest checkpoint covers. An export that may write to the ledger has a checkpoint signed first.`;
  return new PawlError(code, message, { context: { ...context, size } });
}
