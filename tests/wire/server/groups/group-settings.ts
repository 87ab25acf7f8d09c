import type { FilterWords } from '../event-filter.ts';

/** Settings of a persistent subscription, as clients give them. Milliseconds and counts. */
export interface GroupSettings {
  /** Revision or position of the first event, included; `end`: only what comes later. */
  readonly startFrom: number | 'end';
  readonly messageTimeoutMs: number;
  readonly maxRetryCount: number;
  readonly checkpointAfterMs: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0: any number. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: ConsumerStrategy;
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
}

export type ConsumerStrategy = 'RoundRobin' | 'DispatchToSingle' | 'Pinned';

/** A group as it is kept. */
export interface GroupConfig {
  /** `$all` for the log. */
  readonly source: string;
  readonly name: string;
  readonly settings: GroupSettings;
  /** Of the log alone; as the request had it, so that it can be kept as text. */
  readonly filter: FilterWords | null;
}

/** The name that streams of the group and confirmations carry. */
export function subscriptionId(source: string, name: string): string {
  return `${source}::${name}`;
}
