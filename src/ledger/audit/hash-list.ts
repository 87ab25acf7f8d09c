import { hashBytes } from './tree-hash.ts';

/** A growing list of hashes in one piece of memory: an object per hash would cost five times as much. */
export class HashList {
  #bytes = Buffer.alloc(64 * hashBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(hash: Uint8Array): void {
    if (this.#length * hashBytes === this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, this.#length * hashBytes);
    this.#length += 1;
  }

  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * hashBytes, (index + 1) * hashBytes);
  }
}
