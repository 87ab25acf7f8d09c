import type { Digest } from '../../kernel/brand.ts';
import { type FrontierState, TreeFrontier } from '../audit/tree-frontier.ts';
import { joinTrees } from './join-trees.ts';
import type { ProblemList } from './problem.ts';
import { gapText, type RangeResult, type SealEvent } from './range-verifier.ts';

/** Puts ranges together in order: one tree, one sequence of revisions for each stream, the seals as they came. */
export class HistoryJoiner {
  readonly #problems: ProblemList;
  readonly #sizes: readonly number[];
  readonly #onSeal: (event: SealEvent) => void;
  readonly #next = new Map<number, number>();
  /** Blobs that were erased or are watched, and the first position that refers to them. */
  readonly noted = new Map<Digest, number>();
  #tree: FrontierState = { size: 0, roots: Buffer.alloc(0) };
  readonly #roots = new Map<number, Uint8Array>();

  /** @param sizes at which the root is wanted, ascending */
  constructor(sizes: readonly number[], problems: ProblemList, onSeal: (event: SealEvent) => void) {
    this.#sizes = sizes;
    this.#problems = problems;
    this.#onSeal = onSeal;
    if (sizes[0] === 0) this.#roots.set(0, new TreeFrontier().root());
  }

  get size(): number {
    return this.#tree.size;
  }

  get streams(): number {
    return this.#next.size;
  }

  root(): Uint8Array {
    return TreeFrontier.restore(this.#tree).root();
  }

  /** The root over the first `size` records as they are, when it was asked for. */
  rootAt(size: number): Uint8Array | undefined {
    return this.#roots.get(size);
  }

  join(range: RangeResult): void {
    this.#problems.take(range);
    this.#joinStreams(range.streams);
    for (const [digest, position] of range.noted) {
      if (!this.noted.has(digest)) this.noted.set(digest, position);
    }
    const sizes = sizesWithin(this.#sizes, range.from, range.to);
    const before = this.#tree;
    for (const [index, size] of sizes.entries()) {
      const tree = joinTrees(before, range.trees[index] as FrontierState);
      this.#roots.set(size, TreeFrontier.restore(tree).root());
    }
    this.#tree = joinTrees(before, range.trees.at(-1) as FrontierState);
    for (const seal of range.seals) this.#onSeal(seal);
  }

  #joinStreams(streams: Float64Array): void {
    for (let index = 0; index < streams.length; index += 4) {
      const [ref, first, position, next] = streams.subarray(index, index + 4) as unknown as [
        ...[number, number, number, number],
      ];
      const expected = this.#next.get(ref) ?? 0;
      if (first !== expected) this.#problems.at(position, 'REVISION_GAP', gapText(first, expected));
      this.#next.set(ref, next);
    }
  }
}

/** Those of the ascending sizes that a range ends or holds. */
export function sizesWithin(sizes: readonly number[], from: number, to: number): readonly number[] {
  return sizes.filter((size) => size > from && size <= to);
}
