import type { Digest } from '../../kernel/brand.ts';

const digestBytes = 32;
const wordsPerDigest = digestBytes / 4;

/**
 * Digests, 32 bytes each and at most half of the places taken: a set of strings would take five times as much, and a ledger has
 * millions of blobs.
 */
export class DigestSet {
  #places: Uint32Array;
  #taken: Uint8Array;
  #size = 0;
  readonly #words = new Uint32Array(wordsPerDigest);

  constructor(capacity = 1024) {
    this.#places = new Uint32Array(capacity * wordsPerDigest);
    this.#taken = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  has(digest: Digest): boolean {
    this.#read(digest);
    return this.#taken[this.#find(this.#words)] === 1;
  }

  add(digest: Digest): void {
    if (this.#size * 2 >= this.#taken.length) this.#grow();
    this.#read(digest);
    this.#put(this.#words);
  }

  #read(digest: Digest): void {
    for (let word = 0; word < wordsPerDigest; word += 1) {
      this.#words[word] = Number.parseInt(digest.slice(word * 8, word * 8 + 8), 16);
    }
  }

  #put(words: Uint32Array): void {
    const place = this.#find(words);
    if (this.#taken[place] === 1) return;
    this.#places.set(words, place * wordsPerDigest);
    this.#taken[place] = 1;
    this.#size += 1;
  }

  /** Where the digest is, or the free place it would get. */
  #find(words: Uint32Array): number {
    const capacity = this.#taken.length;
    // A digest is as random as any hash of it would be.
    let place = (words[0] as number) % capacity;
    while (this.#taken[place] === 1 && !this.#isAt(place, words)) place = (place + 1) % capacity;
    return place;
  }

  #isAt(place: number, words: Uint32Array): boolean {
    for (let word = 0; word < wordsPerDigest; word += 1) {
      if (this.#places[place * wordsPerDigest + word] !== words[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const grown = new DigestSet(this.#taken.length * 2);
    for (let place = 0; place < this.#taken.length; place += 1) {
      if (this.#taken[place] !== 1) continue;
      grown.#put(this.#places.subarray(place * wordsPerDigest, (place + 1) * wordsPerDigest));
    }
    this.#places = grown.#places;
    this.#taken = grown.#taken;
  }
}
