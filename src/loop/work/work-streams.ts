import type { StreamName } from '../../kernel/brand.ts';

/** What is queued, parked and taken out of the queue, for all runs: workers follow this one stream. */
export const queueStream = 'queue-runs' as StreamName;

/** A worker's own stream, which nobody else writes. */
export const workerStream = (worker: string): StreamName => `worker-${worker}` as StreamName;
