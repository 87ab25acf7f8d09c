/** What one episode asks of the cluster, as it was measured: averages over the episodes of a run. */
export interface EpisodeCosts {
  /** Records that it appends, and their bytes with what the protocol adds. */
  readonly events: number;
  readonly eventBytes: number;
  /** Appends of records, one round trip each. */
  readonly appends: number;
  /** Blobs that were not known yet: one append each, before the record that refers to them. */
  readonly blobAppends: number;
  readonly blobBytes: number;
  /** Appends and reads of the queue: claim, finish, and what else it takes. */
  readonly queueAppends: number;
  readonly reads: number;
  readonly readBytes: number;
  /** Processor time of the worker for the ledger alone, milliseconds. */
  readonly ledgerCpuMs: number;
  /** Generating, executing and deciding: what the worker does besides, milliseconds. */
  readonly workMs: number;
}

/** What the cluster gives. The first three are assumptions until they are measured on the cluster in question. */
export interface ClusterCapacity {
  /** The leader's time for one append of one small event, replication and flush shared with others included. */
  readonly appendMs: number;
  readonly appendMsPerKib: number;
  readonly readMs: number;
  readonly readers: number;
  /** Of the leader's network link, to each side. */
  readonly linkBytesPerSecond: number;
  readonly roundTripMs: number;
}

export interface Scenario {
  readonly workers: number;
  readonly slotsPerWorker: number;
  readonly beatsPerSecond: number;
  /** Processes that follow the whole ledger: whoever verifies, signs or shows projections live. */
  readonly followers: number;
  /** Independent clusters among which the workers are divided, each with ledgers of its own. */
  readonly clusters: number;
  /** Content goes to another store; the cluster has only the records. */
  readonly blobsOutside: boolean;
  /** Followers and reads of streams go to read-only replicas. */
  readonly readReplicas: number;
}
