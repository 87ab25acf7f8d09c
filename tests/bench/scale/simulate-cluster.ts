import type { Random } from '../../../src/kernel/random.ts';
import { EventQueue } from './event-queue.ts';
import { Station } from './station.ts';
import type { ClusterCapacity, EpisodeCosts, Scenario } from './workload.ts';

export interface Simulated {
  /** Over all clusters. */
  readonly episodesPerSecond: number;
  readonly appendsPerSecond: number;
  /** Time from asking for an append to its acknowledgement, milliseconds. */
  readonly appendMedianMs: number;
  readonly appendP99Ms: number;
  /** Share of its time that each part of one cluster's leader works, by name. */
  readonly utilization: Readonly<Record<'writer' | 'readers' | 'link', number>>;
}

/**
 * One cluster and its workers as a closed queueing network, event by event: every slot of a worker goes through its episode
 * (take, then per append: work, new blobs side by side, the append itself, finish) and begins the next. The leader has one
 * writer, some readers and a link; the worker's own work takes an exponentially distributed time around its mean.
 *
 * @param seconds simulated; the first fifth is left out of the figures
 */
export function simulateCluster(
  scenario: Scenario,
  costs: EpisodeCosts,
  capacity: ClusterCapacity,
  seconds: number,
  random: Random,
): Simulated {
  return new Simulation(scenario, costs, capacity, random).run(seconds * 1000);
}

const warmUpShare = 0.2;

class Simulation {
  readonly #scenario: Scenario;
  readonly #costs: EpisodeCosts;
  readonly #capacity: ClusterCapacity;
  readonly #random: Random;
  readonly #queue = new EventQueue();
  readonly #writer: Station;
  readonly #readers: Station;
  readonly #link: Station;
  readonly #latencies: number[] = [];
  #episodes = 0;
  #measuring = false;

  constructor(scenario: Scenario, costs: EpisodeCosts, capacity: ClusterCapacity, random: Random) {
    this.#scenario = scenario;
    this.#costs = costs;
    this.#capacity = capacity;
    this.#random = random;
    this.#writer = new Station('writer', 1, this.#queue);
    this.#readers = new Station('readers', capacity.readers, this.#queue);
    this.#link = new Station('link', 1, this.#queue);
  }

  run(endMs: number): Simulated {
    const { workers, slotsPerWorker, clusters } = this.#scenario;
    const here = Math.ceil(workers / clusters);
    for (let slot = 0; slot < here * slotsPerWorker; slot += 1) {
      // Not all at once: they began at different times.
      this.#queue.plan(this.#random.float() * this.#costs.workMs, () => this.#episode(0, 0));
    }
    const beatMs = 1000 / this.#scenario.beatsPerSecond;
    for (let worker = 0; worker < here; worker += 1)
      this.#queue.plan(this.#random.float() * beatMs, () => this.#beat(this.#now, beatMs));
    const warmMs = endMs * warmUpShare;
    for (let next = this.#queue.next(); next !== undefined && next.at < endMs; next = this.#queue.next()) {
      if (!this.#measuring && next.at >= warmMs) this.#startMeasuring();
      this.#now = next.at;
      next.happen();
    }
    const measuredMs = endMs - warmMs;
    const sorted = this.#latencies.sort((one, other) => one - other);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return {
      episodesPerSecond: (this.#episodes * clusters * 1000) / measuredMs,
      appendsPerSecond: (this.#writer.served * clusters * 1000) / measuredMs,
      appendMedianMs: at(0.5),
      appendP99Ms: at(0.99),
      utilization: {
        writer: this.#writer.utilization(measuredMs),
        readers: this.#readers.utilization(measuredMs),
        link: this.#link.utilization(measuredMs),
      },
    };
  }

  #now = 0;

  #startMeasuring(): void {
    this.#measuring = true;
    for (const station of [this.#writer, this.#readers, this.#link]) {
      station.busyMs = 0;
      station.served = 0;
    }
    this.#latencies.length = 0;
    this.#episodes = 0;
  }

  /** Step -1 … of an episode: its reads and the claim first, then so many appends with the work before each. */
  #episode(step: number, blobsOwed: number): void {
    const { appends, blobAppends, reads, queueAppends, workMs, ledgerCpuMs } = this.#costs;
    const count = Math.max(1, Math.round(appends));
    if (step === 0) {
      const readsLeft = this.#scenario.readReplicas > 0 ? 0 : Math.round(reads);
      this.#together(
        readsLeft,
        (done) => this.#read(this.#costs.readBytes / Math.max(1, reads), done),
        () =>
          this.#together(
            Math.round(queueAppends),
            (done) => this.#append(0.2, done),
            () => this.#episode(1, 0),
          ),
      );
      return;
    }
    if (step > count) {
      this.#episodes += 1;
      this.#episode(0, 0);
      return;
    }
    const thinkMs = -Math.log(1 - this.#random.float()) * ((workMs + ledgerCpuMs) / count);
    // Averages need not be whole numbers: what is left over is carried to the next append.
    const owed = this.#scenario.blobsOutside ? 0 : blobsOwed + blobAppends / count;
    const blobs = Math.floor(owed);
    const blobKib = this.#costs.blobBytes / Math.max(1, blobAppends) / 1024;
    const recordKib = this.#costs.eventBytes / count / 1024;
    this.#queue.plan(this.#now + thinkMs, () =>
      this.#together(
        blobs,
        (done) => this.#append(blobKib, done),
        () => this.#append(recordKib, () => this.#episode(step + 1, owed - blobs), recordKib),
      ),
    );
  }

  #beat(now: number, everyMs: number): void {
    this.#append(0.3, () => undefined);
    this.#queue.plan(now + everyMs, () => this.#beat(now + everyMs, everyMs));
  }

  /** @param followedKib what each follower of the whole ledger is sent of it */
  #append(kib: number, done: () => void, followedKib = 0): void {
    const { appendMs, appendMsPerKib, roundTripMs } = this.#capacity;
    const asked = this.#now;
    const followers = this.#scenario.readReplicas > 0 ? 0 : this.#scenario.followers;
    this.#send(asked, kib * 1024 + followers * followedKib * 1024, (arrived) =>
      this.#writer.ask(arrived, appendMs + kib * appendMsPerKib, (stored) =>
        this.#queue.plan(stored + roundTripMs, () => {
          if (this.#measuring) this.#latencies.push(this.#now - asked);
          done();
        }),
      ),
    );
  }

  #read(bytes: number, done: () => void): void {
    const { readMs, roundTripMs } = this.#capacity;
    this.#readers.ask(this.#now, readMs, (found) =>
      this.#send(found, bytes, (sent) => this.#queue.plan(sent + roundTripMs, done)),
    );
  }

  #send(now: number, bytes: number, done: (at: number) => void): void {
    this.#link.ask(now, (bytes * 1000) / this.#capacity.linkBytesPerSecond, done);
  }

  #together(count: number, start: (done: () => void) => void, all: () => void): void {
    if (count <= 0) {
      all();
      return;
    }
    let left = count;
    for (let index = 0; index < count; index += 1) {
      start(() => {
        left -= 1;
        if (left === 0) all();
      });
    }
  }
}
