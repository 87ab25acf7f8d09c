import type { Digest } from '../../kernel/brand.ts';
import type { EventStore } from '../event-store.ts';

/** Leaf hash of the record at a position in hexadecimal; null where there is none. */
export async function leafAt(store: EventStore, position: number): Promise<Digest | null> {
  for await (const [leaf] of store.readLeaves(position)) {
    if (leaf !== undefined) return Buffer.from(leaf).toString('hex') as Digest;
  }
  return null;
}
