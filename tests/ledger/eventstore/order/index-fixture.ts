import type { StreamName } from '../../../../src/kernel/brand.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import type { OrderEntry } from '../../../../src/ledger/stores/eventstore/order/order-entry.ts';

const streams = 7;

/** The record at a position of a made-up ledger: seven streams in turn, at places with room between them. */
export function entryAt(position: number): OrderEntry {
  const at = BigInt(position) * 100n + 10n;
  return {
    position,
    stream: `s-${position % streams}` as StreamName,
    revision: Math.floor(position / streams),
    leaf: Uint8Array.from(leafHash(Buffer.from(`record ${position}`))),
    at: { commit: at, prepare: at },
  };
}
