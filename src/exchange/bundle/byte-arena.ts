const slabBytes = 1024 * 1024;

/**
 * Keeps many small texts as bytes for as long as it lives, close together. Node's own pool would keep a page of its
 * memory for each text that happens to lie between passing ones, three times as much in all.
 */
export class ByteArena {
  #slab = Buffer.alloc(0);
  #used = 0;

  /** The UTF-8 of a text. */
  text(text: string): Uint8Array {
    const bytes = this.#room(Buffer.byteLength(text, 'utf8'));
    bytes.write(text, 'utf8');
    return bytes;
  }

  bytes(content: Uint8Array): Uint8Array {
    const bytes = this.#room(content.length);
    bytes.set(content);
    return bytes;
  }

  #room(length: number): Buffer {
    if (length > slabBytes / 4) return Buffer.alloc(length);
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.alloc(slabBytes);
      this.#used = 0;
    }
    this.#used += length;
    return this.#slab.subarray(this.#used - length, this.#used);
  }
}
