import type { StreamName } from '../../../../kernel/brand.ts';
import { invariant } from '../../../../kernel/pawl-error.ts';
import { hashBytes } from '../../../audit/tree-hash.ts';
import type { OrderEntry, StreamStart } from './order-entry.ts';

const entriesPerBlock = 4096;

/** Columns of numbers: a million entries take some 70 MB and not an object each. */
class Block {
  readonly leaves = new Uint8Array(entriesPerBlock * hashBytes);
  readonly streams = new Uint32Array(entriesPerBlock);
  readonly revisions = new Uint32Array(entriesPerBlock);
  readonly commits = new BigUint64Array(entriesPerBlock);
  readonly prepares = new BigUint64Array(entriesPerBlock);
}

interface StreamOfTail {
  readonly ref: number;
  readonly firstRevision: number;
  /** Of its records from `firstRevision` on. */
  readonly positions: number[];
}

/** The end of the order, in memory: from position `base` on. Without a file it is all of it. */
export class OrderTail {
  readonly base: number;
  readonly #blocks: Block[] = [];
  readonly #streams = new Map<StreamName, StreamOfTail>();
  readonly #names: StreamName[] = [];
  /** Streams whose first record is here. */
  readonly #begun: StreamStart[] = [];
  #count = 0;

  constructor(base: number) {
    this.base = base;
  }

  get size(): number {
    return this.base + this.#count;
  }

  push({ stream, revision, leaf, at }: Omit<OrderEntry, 'position'>): void {
    const index = this.#count % entriesPerBlock;
    if (index === 0) this.#blocks.push(new Block());
    const block = this.#blocks.at(-1) as Block;
    const known = this.#streams.get(stream) ?? this.#begin(stream, revision);
    block.leaves.set(leaf, index * hashBytes);
    block.streams[index] = known.ref;
    block.revisions[index] = revision;
    block.commits[index] = at.commit;
    block.prepares[index] = at.prepare;
    known.positions.push(this.size);
    this.#count += 1;
  }

  entries(from: number, count: number): OrderEntry[] {
    return this.#range(from, count, (block, index, position) => ({
      position,
      stream: this.#names[block.streams[index] as number] as StreamName,
      revision: block.revisions[index] as number,
      leaf: leafOf(block, index),
      at: { commit: block.commits[index] as bigint, prepare: block.prepares[index] as bigint },
    }));
  }

  leaves(from: number, count: number): Uint8Array[] {
    return this.#range(from, count, leafOf);
  }

  lastRevision(stream: StreamName): number {
    const known = this.#streams.get(stream);
    return known === undefined ? -1 : known.firstRevision + known.positions.length - 1;
  }

  positions(stream: StreamName, fromRevision: number, count: number): number[] {
    const known = this.#streams.get(stream);
    if (known === undefined) return [];
    const start = fromRevision - known.firstRevision;
    return known.positions.slice(Math.max(0, start), Math.max(0, start + count));
  }

  streams(from: number, count: number): StreamStart[] {
    const start = this.#begun.findIndex(({ first }) => first >= from);
    return start < 0 ? [] : this.#begun.slice(start, start + count);
  }

  #begin(stream: StreamName, firstRevision: number): StreamOfTail {
    const begun = { ref: this.#names.length, firstRevision, positions: [] };
    this.#streams.set(stream, begun);
    this.#names.push(stream);
    if (firstRevision === 0) this.#begun.push({ stream, first: this.size });
    return begun;
  }

  #range<Item>(
    from: number,
    count: number,
    read: (block: Block, index: number, position: number) => Item,
  ): Item[] {
    invariant(from >= this.base, 'The end of the order is asked for what lies before it.');
    const items: Item[] = [];
    for (let position = from; position < Math.min(from + count, this.size); position += 1) {
      const place = position - this.base;
      const block = this.#blocks[Math.floor(place / entriesPerBlock)] as Block;
      items.push(read(block, place % entriesPerBlock, position));
    }
    return items;
  }
}

function leafOf(block: Block, index: number): Uint8Array {
  return block.leaves.subarray(index * hashBytes, (index + 1) * hashBytes);
}
