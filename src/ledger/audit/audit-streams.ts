import type { StreamName } from '../../kernel/brand.ts';

/** Streams of what was done to and with the ledger itself; each has one writer at a time, like every stream. */
export const auditStreams = {
  keys: 'audit-keys' as StreamName,
  checkpoints: 'audit-checkpoints' as StreamName,
  erasures: 'audit-erasures' as StreamName,
  replays: 'audit-replays' as StreamName,
  exports: 'audit-exports' as StreamName,
  findings: 'audit-findings' as StreamName,
} as const;
