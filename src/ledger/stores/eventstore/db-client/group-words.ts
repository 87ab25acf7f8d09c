import type { GroupInfo, GroupSettings } from '../log-client.ts';

/** What the library tells of a persistent subscription, as far as we look at it. */
interface ForeignGroupInfo {
  readonly connections: readonly unknown[];
  readonly stats: {
    readonly totalInFlightMessages: number;
    readonly parkedMessageCount: bigint;
    readonly lastCheckpointedEventRevision?: bigint | undefined;
    readonly lastKnownEventRevision?: bigint | undefined;
  };
}

/** Changes to the library's settings: from the beginning of the stream, checkpoints soon, in turn to all consumers. */
export function groupSettings({ messageTimeoutMs, retriesMax }: GroupSettings): {
  readonly startFrom: 'start';
  readonly messageTimeout: number;
  readonly maxRetryCount: number;
  readonly checkPointAfter: number;
  readonly checkPointLowerBound: number;
} {
  return {
    startFrom: 'start',
    messageTimeout: messageTimeoutMs,
    maxRetryCount: retriesMax,
    checkPointAfter: 1_000,
    checkPointLowerBound: 1,
  };
}

export function toGroupInfo({ connections, stats }: ForeignGroupInfo): GroupInfo {
  return {
    inFlight: stats.totalInFlightMessages,
    parked: Number(stats.parkedMessageCount),
    consumers: connections.length,
    checkpointed: revision(stats.lastCheckpointedEventRevision),
    known: revision(stats.lastKnownEventRevision),
  };
}

function revision(value: bigint | undefined): number | null {
  return value === undefined || value < 0n ? null : Number(value);
}
