import { PawlError } from '../../kernel/pawl-error.ts';
import { emptyRoot, hashBytes, nodeHash } from './tree-hash.ts';

/** What has to be kept of a tree to go on: its size and the roots of its complete subtrees, largest first. */
export interface FrontierState {
  readonly size: number;
  /** One 32-byte root per set bit of `size`, concatenated, the most significant bit first. */
  readonly roots: Uint8Array;
}

/**
 * The RFC 6962 Merkle tree as it grows: only the roots of its complete subtrees are kept, so a tree of a million leaves
 * costs 20 hashes of memory, and a leaf costs two hashes on average (its own and one inner node).
 */
export class TreeFrontier {
  #size = 0;
  /** Root of the complete subtree for each set bit of the size, the largest first. */
  readonly #roots: Uint8Array[] = [];

  /** @throws PawlError `LEDGER_CORRUPT` when the number of roots does not fit the size */
  static restore(state: FrontierState): TreeFrontier {
    const count = setBits(state.size);
    if (state.roots.length !== count * hashBytes) {
      throw new PawlError(
        'LEDGER_CORRUPT',
        `The stored tree of ${state.size} leaves needs ${count} hashes but has ${state.roots.length} bytes.`,
        { context: { size: state.size, bytes: state.roots.length } },
      );
    }
    const frontier = new TreeFrontier();
    frontier.#size = state.size;
    for (let index = 0; index < count; index += 1) {
      frontier.#roots.push(state.roots.slice(index * hashBytes, (index + 1) * hashBytes));
    }
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let root = leaf;
    // Adding one to the size carries through its trailing one bits; each carry joins two subtrees of equal size.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      root = nodeHash(this.#roots.pop() as Uint8Array, root);
    }
    this.#roots.push(root);
    this.#size += 1;
  }

  /** Merkle tree hash over all leaves so far: the complete subtrees joined from the right. */
  root(): Uint8Array {
    let root = this.#roots.at(-1);
    if (root === undefined) return emptyRoot();
    for (let index = this.#roots.length - 2; index >= 0; index -= 1) {
      root = nodeHash(this.#roots[index] as Uint8Array, root);
    }
    return root;
  }

  state(): FrontierState {
    return { size: this.#size, roots: Buffer.concat(this.#roots) };
  }
}

function setBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
