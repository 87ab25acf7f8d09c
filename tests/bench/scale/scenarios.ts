import type { ClusterCapacity, Scenario } from './workload.ts';

/**
 * Assumed until it is measured on the cluster in question. One append of a small event in 0.1 ms is what the vendor's figures of
 * 10,000 to 15,000 writes a second on good disks come to.
 */
export const assumedCapacity: ClusterCapacity = {
  appendMs: 0.1,
  appendMsPerKib: 0.004,
  readMs: 0.1,
  readers: 4,
  linkBytesPerSecond: 125_000_000,
  roundTripMs: 1,
};

/** Three people who follow the ledger live; a beat every third of a lease of 30 s. */
export const oneCluster: Scenario = {
  workers: 1,
  slotsPerWorker: 1,
  beatsPerSecond: 0.1,
  followers: 3,
  clusters: 1,
  blobsOutside: false,
  readReplicas: 0,
};

export const workerCounts = [1, 10, 100, 1000] as const;

/** What can be done about a cluster that is too small, each alone. */
export const remedies: readonly { readonly name: string; readonly change: Partial<Scenario> }[] = [
  { name: 'one cluster', change: {} },
  { name: 'blobs in another store', change: { blobsOutside: true } },
  { name: 'followers and readers on replicas', change: { readReplicas: 2 } },
  { name: 'a ledger and a cluster for each of four teams', change: { clusters: 4 } },
  { name: 'four teams, blobs in another store', change: { clusters: 4, blobsOutside: true } },
];
