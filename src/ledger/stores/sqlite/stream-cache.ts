import type { StreamName } from '../../../kernel/brand.ts';

/** Where a stream stands, as the writer knows it. */
export interface StreamPlace {
  /** The number it goes by in the file; null before its first record. */
  ref: number | null;
  lastRevision: number;
}

const streamsMax = 4096;

/** Places of the streams written last; bounded, so that a ledger of a million streams costs no more memory than a small one. */
export class StreamCache {
  #recent = new Map<StreamName, StreamPlace>();
  #older = new Map<StreamName, StreamPlace>();

  get(name: StreamName): StreamPlace | undefined {
    return this.#recent.get(name) ?? this.#older.get(name);
  }

  /** Two generations stand in for exact least-recently-used order, at a fraction of its cost. */
  set(name: StreamName, place: StreamPlace): void {
    this.#recent.set(name, place);
    if (this.#recent.size < streamsMax) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
