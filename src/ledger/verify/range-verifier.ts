import type { AnyRecordedEvent } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import type { Digest } from '../../kernel/brand.ts';
import { type FrontierState, TreeFrontier } from '../audit/tree-frontier.ts';
import { hashBytes } from '../audit/tree-hash.ts';
import { checkLeaf, checkRecord } from './check-record.ts';
import { type FoundProblems, ProblemList } from './problem.ts';
import { ReferenceChecker } from './reference-checker.ts';
import type { SourceRecord, UnreadableRecord, VerifySource } from './verify-source.ts';

/** Positions [from, to), where `from` is a multiple of a power of two that is no less than `to - from`. */
export interface RangeTask {
  readonly from: number;
  readonly to: number;
  /** Sizes of the whole tree in (from, to] at which its root is wanted, ascending. */
  readonly sizes: readonly number[];
  /** Also compare each record with its canonical form. */
  readonly deep: boolean;
  /** Blobs with which something is wrong: the records that refer to them are to be named. */
  readonly watched: readonly Digest[];
  readonly problemsMax: number;
}

/** What one range contributes to the whole; nothing in it grows with the records but the list of its streams. */
export interface RangeResult extends FoundProblems {
  readonly from: number;
  readonly to: number;
  /** Trees over the range alone: at each of the wanted sizes, then at its end. */
  readonly trees: readonly FrontierState[];
  /** Four numbers for each stream in the range: its number, its first revision here, the position of that, the next revision. */
  readonly streams: Float64Array;
  /** Events about the ledger itself: keys, checkpoints, erasures. */
  readonly seals: readonly SealEvent[];
  /** Blobs that were erased or are watched, and the first position here that refers to them. */
  readonly noted: ReadonlyMap<Digest, number>;
}

export type SealEvent = Extract<
  AnyRecordedEvent,
  { type: 'SigningKeyRegistered' | 'CheckpointSigned' | 'BlobErased' }
>;

/** Stands in for the leaf of a record that is not there, so that what follows keeps its place. */
const hole = new Uint8Array(hashBytes);

/** Checks every record of one range by itself, and prepares what has to be joined with the ranges before it. */
export async function verifyRange(source: VerifySource, task: RangeTask): Promise<RangeResult> {
  const verifier = new RangeVerifier(source, task);
  for await (const batch of source.records(task.from, task.to)) {
    for (const record of batch) {
      const references = verifier.add(record);
      if (references !== undefined) await references;
    }
  }
  return verifier.finish();
}

class RangeVerifier {
  readonly #task: RangeTask;
  readonly #problems: ProblemList;
  readonly #references: ReferenceChecker;
  readonly #tree = new TreeFrontier();
  readonly #trees: FrontierState[] = [];
  readonly #streams = new Map<number, { first: number; position: number; next: number }>();
  readonly #seals: SealEvent[] = [];

  constructor(source: VerifySource, task: RangeTask) {
    this.#task = task;
    this.#problems = new ProblemList(task.problemsMax);
    const standing = source.blobStanding.bind(source);
    this.#references = new ReferenceChecker(standing, task.watched, this.#problems);
  }

  add(record: SourceRecord | UnreadableRecord): Promise<unknown> | undefined {
    const { position } = record;
    if (position < this.#next || position >= this.#task.to) {
      const message = `A record is numbered ${position} where ${this.#next} comes next.`;
      this.#problems.at(position, 'POSITION_GAP', message);
      return undefined;
    }
    this.#fillTo(position);
    if ('why' in record) {
      this.#problems.at(position, 'UNREADABLE', record.why);
      this.#append(hole);
      return undefined;
    }
    this.#append(checkLeaf(record, this.#problems));
    this.#checkRevision(record);
    const checked = checkRecord(record, this.#task.deep, this.#problems);
    if (checked === undefined) return undefined;
    const { event, references } = checked;
    if (isSeal(event)) this.#seals.push(event);
    return references.length === 0 ? undefined : this.#checkReferences(position, references);
  }

  finish(): RangeResult {
    const { from, to } = this.#task;
    this.#fillTo(to);
    const streams = [...this.#streams].flatMap(([ref, { first, position, next }]) => [
      ...[ref, first, position, next],
    ]);
    return {
      from,
      to,
      trees: [...this.#trees, detached(this.#tree.state())],
      streams: Float64Array.from(streams),
      seals: this.#seals,
      noted: this.#references.noted,
      ...this.#problems.found(),
    };
  }

  get #next(): number {
    return this.#task.from + this.#tree.size;
  }

  #fillTo(position: number): void {
    const first = this.#next;
    if (first === position) return;
    const what = position === first + 1 ? `Record ${first} is` : `Records ${first} to ${position - 1} are`;
    this.#problems.at(first, 'POSITION_GAP', `${what} not there.`);
    while (this.#next < position) this.#append(hole);
  }

  #append(leaf: Uint8Array): void {
    this.#tree.append(leaf);
    while (this.#task.sizes[this.#trees.length] === this.#next)
      this.#trees.push(detached(this.#tree.state()));
  }

  #checkRevision({ position, streamRef, revision }: SourceRecord): void {
    const stream = this.#streams.get(streamRef);
    if (stream === undefined) {
      this.#streams.set(streamRef, { first: revision, position, next: revision + 1 });
      return;
    }
    if (revision !== stream.next) this.#problems.at(position, 'REVISION_GAP', gapText(revision, stream.next));
    stream.next = revision + 1;
  }

  #checkReferences(position: number, references: readonly BlobRef[]): Promise<unknown> | undefined {
    const waiting = references.flatMap((reference) => this.#references.check(position, reference) ?? []);
    return waiting.length === 0 ? undefined : Promise.all(waiting);
  }
}

/** In a buffer of its own: a small one lies in a pool of 64 KB, and all of that would go to the other thread with it. */
function detached({ size, roots }: FrontierState): FrontierState {
  return { size, roots: Uint8Array.from(roots) };
}

export function gapText(revision: number, expected: number): string {
  return `The stream of this record goes on with revision ${revision} instead of ${expected}.`;
}

function isSeal(event: AnyRecordedEvent): event is SealEvent {
  return (
    event.type === 'CheckpointSigned' || event.type === 'SigningKeyRegistered' || event.type === 'BlobErased'
  );
}
