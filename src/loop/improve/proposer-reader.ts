import { type Governance, workingContent } from '../../../gates/governance/governance.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { SlotKind } from '../../events/slots.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { blobRefsOf } from '../../ledger/blob-refs.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { failuresOf, type KnownFailures, type LineMemory } from './line-memory.ts';
import { type PastOutcome, pastOutcomes } from './past-outcomes.ts';

/**
 * The ledger as far as proposers may know it, and the only way by which anything gets into a `ProposerView`. It gives out runs on
 * `optimize` and the blobs that these name, and nothing else: it lists what is allowed, so that whatever is added to the ledger
 * is sealed until somebody allows it. Hidden tests and what came of them stay behind it as well.
 */
export class ProposerReader {
  readonly #ledger: Ledger;
  readonly #state: Governance;
  readonly #memory: LineMemory;
  readonly #open = new Set<Digest>();

  constructor(ledger: Ledger, state: Governance, memory: LineMemory) {
    this.#ledger = ledger;
    this.#state = state;
    this.#memory = memory;
    for (const { data } of memory.failures) this.#open.add(data.cases.digest);
    for (const { content } of Object.values(memory.changes)) this.#open.add(content.digest);
    for (const { digest } of Object.values(memory.devEvidence)) this.#open.add(digest);
    for (const changes of Object.values(state.history))
      for (const { champion } of changes) this.#open.add(champion);
  }

  /** Hash of what a slot holds on the working track; its content can be read by it. */
  working(slot: SlotKind): Digest | null {
    return workingContent(this.#state, slot);
  }

  /** Failures of the working configuration on `optimize`; null before they were classified. */
  failures(): KnownFailures | null {
    const { gate, digests } = this.#state;
    return gate === null ? null : failuresOf(this.#memory, gate.digest, digests.working);
  }

  /** Every proposal that came to an end, oldest first; of held-out items the symbol. */
  past(): readonly PastOutcome[] {
    return pastOutcomes(this.#state, this.#memory);
  }

  /** @throws PawlError `HELD_OUT_SEALED` for any run that is not one of this line on `optimize` */
  async run(run: StreamName): Promise<readonly AnyRecordedEvent[]> {
    this.#allowRun(run);
    return this.#read(run);
  }

  /** @throws PawlError `HELD_OUT_SEALED` for an episode of any other run */
  async episode(episode: StreamName): Promise<readonly AnyRecordedEvent[]> {
    const [id = ''] = episode.slice('episode-'.length).split('.');
    this.#allowRun(`run-${id}` as StreamName);
    return this.#read(episode);
  }

  /** @throws PawlError `HELD_OUT_SEALED` for a blob that nothing names which was given out; `BLOB_NOT_FOUND`, `BLOB_ERASED` */
  async text(digest: Digest): Promise<string> {
    if (!this.#open.has(digest)) throw sealed(`the blob ${digest}`);
    return this.#ledger.getText(digest);
  }

  #allowRun(run: StreamName): void {
    const isOptimize = Object.hasOwn(this.#memory.optimizeRuns, run);
    if (!isOptimize || Object.hasOwn(this.#state.sealedRuns, run)) throw sealed(run);
  }

  async #read(stream: StreamName): Promise<readonly AnyRecordedEvent[]> {
    const events: AnyRecordedEvent[] = [];
    for await (const event of this.#ledger.readStream(stream)) {
      events.push(event);
      for (const digest of openBlobs(event)) this.#open.add(digest);
    }
    return events;
  }
}

/** What an event names, without hidden tests and what executions against them showed. */
function openBlobs({ type, data }: AnyRecordedEvent): readonly Digest[] {
  if (type === 'ExecutionFinished' && data.tests === 'hidden') return [];
  const digests = [...blobRefsOf(data)].map(({ digest }) => digest);
  return type === 'EpisodeStarted' ? digests.filter((digest) => digest !== data.hidden.digest) : digests;
}

function sealed(what: string): PawlError {
  return new PawlError(
    'HELD_OUT_SEALED',
    `Proposers may not read ${what}: they are shown runs on the split "optimize" and what these name, and of held-out items the verdict alone.`,
    { context: { what } },
  );
}
