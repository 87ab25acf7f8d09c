import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { simulateCluster } from '../bench/scale/simulate-cluster.ts';
import type { ClusterCapacity, EpisodeCosts, Scenario } from '../bench/scale/workload.ts';

const costs: EpisodeCosts = {
  events: 100,
  eventBytes: 61_440,
  appends: 30,
  blobAppends: 25,
  blobBytes: 81_920,
  queueAppends: 4,
  reads: 6,
  readBytes: 20_000,
  ledgerCpuMs: 20,
  workMs: 1480,
};

const capacity: ClusterCapacity = {
  appendMs: 0.1,
  appendMsPerKib: 0,
  readMs: 0.2,
  readers: 4,
  linkBytesPerSecond: 1e12,
  roundTripMs: 1,
};

const scenario: Scenario = {
  workers: 1,
  slotsPerWorker: 1,
  beatsPerSecond: 0.5,
  followers: 0,
  clusters: 1,
  blobsOutside: false,
  readReplicas: 0,
};

const simulate = (change: Partial<Scenario>, seconds: number) =>
  simulateCluster({ ...scenario, ...change }, costs, capacity, seconds, seededRandom('scale'));

describe('the simulated cluster', () => {
  test('gives one worker what its own work and its round trips allow', () => {
    // Reads at once, then the queue, then 30 times: the new blobs, and the record; 1.1 ms each, the work 1.5 s.
    const cycleMs = 1.2 + 1.1 + 30 * 1.1 + 25 * 1.1 + 1500;
    const { episodesPerSecond } = simulate({}, 4000);
    expect(episodesPerSecond / (1000 / cycleMs)).toBeCloseTo(1, 1);
  });

  test('keeps the utilization law: throughput times service time', () => {
    const { appendsPerSecond, utilization } = simulate({ workers: 50 }, 60);
    expect(utilization.writer).toBeCloseTo((appendsPerSecond * capacity.appendMs) / 1000, 3);
  });

  test('never gives more than its writer can, and gives that when there are enough workers', () => {
    const { appendsPerSecond, utilization, episodesPerSecond } = simulate({ workers: 500 }, 40);
    expect(utilization.writer).toBeGreaterThan(0.999);
    expect(appendsPerSecond).toBeLessThanOrEqual(10_001);
    expect(appendsPerSecond).toBeGreaterThan(9_990);
    // 30 records, 25 blobs, 4 for the queue; 500 workers beat 250 times a second.
    expect(episodesPerSecond).toBeCloseTo(9750 / 59, -1);
  });

  test('divides the load among clusters, and takes the content off them', () => {
    const one = simulate({ workers: 600 }, 20);
    const four = simulate({ workers: 600, clusters: 4 }, 20);
    const outside = simulate({ workers: 600, blobsOutside: true }, 20);
    expect(four.episodesPerSecond / one.episodesPerSecond).toBeGreaterThan(2);
    expect(outside.episodesPerSecond / one.episodesPerSecond).toBeGreaterThan(1.5);
  });

  test('is the same for the same seed', () => {
    expect(simulate({ workers: 20 }, 30)).toEqual(simulate({ workers: 20 }, 30));
  });
});
