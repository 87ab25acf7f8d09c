import type { Piece } from './snapshot-store.ts';

export type PlainRecord = Record<string, unknown>;

/** One piece of a record and, once somebody looked at an entry, its values. */
class LazyEntries {
  readonly piece: Piece;
  #values: PlainRecord | undefined;

  constructor(piece: Piece) {
    this.piece = piece;
  }

  get parsed(): boolean {
    return this.#values !== undefined;
  }

  /** The same object every time, because a fold may change it. */
  valueOf(key: string): unknown {
    if (this.#values === undefined) {
      const { buffer, byteOffset, byteLength } = this.piece.bytes;
      this.#values = JSON.parse(`{${Buffer.from(buffer, byteOffset, byteLength).toString('utf8')}}`);
    }
    return (this.#values as PlainRecord)[key];
  }
}

const origins = new WeakMap<object, readonly LazyEntries[]>();

/**
 * A plain object with the entries of some pieces, in their order. It can be read, changed, iterated and written like any other;
 * only that a piece is parsed at the first look at one of its entries. A state of a hundred megabytes opens in the time it
 * takes to hash it.
 */
export function lazyRecord(pieces: readonly Piece[]): PlainRecord {
  const record: PlainRecord = {};
  const all = pieces.map((piece) => new LazyEntries(piece));
  for (const entries of all) {
    for (const key of entries.piece.keys ?? []) {
      Object.defineProperty(record, key, {
        get: () => entries.valueOf(key),
        set: (value: unknown) => {
          // A property like any other from now on.
          Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
        },
        enumerable: true,
        configurable: true,
      });
    }
  }
  origins.set(record, all);
  return record;
}

/** By their first key: the pieces of a lazy record that nobody looked into, and of which no entry was taken out. */
export function untouchedPieces(record: object): ReadonlyMap<string, Piece> {
  const untouched = new Map<string, Piece>();
  for (const entries of origins.get(record) ?? []) {
    const { piece } = entries;
    const [first] = piece.keys ?? [];
    if (!entries.parsed && first !== undefined && isAsMade(record, piece)) untouched.set(first, piece);
  }
  return untouched;
}

/** An entry can be taken out, and another put in its place, without a look at its value. */
function isAsMade(record: object, { keys }: Piece): boolean {
  return keys?.every((key) => Object.getOwnPropertyDescriptor(record, key)?.get !== undefined) === true;
}
