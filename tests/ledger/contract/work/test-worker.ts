import { expect, onTestFinished } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import type { Lease, WorkerPulse, WorkQueue } from '../../../../src/ledger/work-queue.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { never, numberOf, run, workerName } from './queue-items.ts';
import type { WorkQueuePlace } from './work-queue-place.ts';

/** Longer than any test may take: whoever asks for something that is there gets it, however long the news of it travel. */
const foundWithinMs = 1_000_000;

/** One worker in a process of its own, with a clock of its own. */
export class TestWorker {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly clock: HandClock;
  readonly #place: WorkQueuePlace;
  #beat = 0;

  constructor(name: string, queue: WorkQueue, clock: HandClock, place: WorkQueuePlace) {
    this.name = name;
    this.queue = queue;
    this.clock = clock;
    this.#place = place;
  }

  /** @param offsetMs of its clock; an hour and more between any two */
  static async join(place: WorkQueuePlace, letter: string, offsetMs?: number): Promise<TestWorker> {
    const clock = handClock(offsetMs ?? (letter.charCodeAt(0) - 64) * 3_700_000);
    const { queue, close } = await place.open(clock);
    onTestFinished(close);
    return new TestWorker(workerName(letter), queue, clock, place);
  }

  /** Something that has to be there. */
  async take(ofRun: StreamName = run): Promise<Lease> {
    await this.#place.synced();
    const lease = await this.queue.take(ofRun, this.name, foundWithinMs, never);
    if (lease === null) throw new Error(`${this.name} was given nothing`);
    return lease;
  }

  /** What is there now, if anything is. */
  async look(ofRun: StreamName = run): Promise<Lease | null> {
    await this.#place.synced();
    return this.queue.take(ofRun, this.name, 0, never);
  }

  async findsNothing(ofRun: StreamName = run): Promise<void> {
    expect(await this.look(ofRun)).toBeNull();
  }

  /** Takes all there is. */
  async findsNothingBut(numbers: readonly number[]): Promise<void> {
    const found: number[] = [];
    for (let lease = await this.look(); lease !== null; lease = await this.look())
      found.push(numberOf(lease.item));
    expect(found).toEqual(numbers);
  }

  pulse(): WorkerPulse {
    this.#beat += 1;
    const at = this.clock.now();
    return {
      ...{ worker: this.name, beat: this.#beat, at, slots: 2 },
      ...{ capabilities: ['sandbox:wasm'], working: [], draining: false },
    };
  }

  async beat(): Promise<void> {
    await this.#place.synced();
    await this.queue.beat(this.pulse());
  }

  /** `number kind …` of every item, as this worker sees them. */
  async standings(ofRun: StreamName = run): Promise<readonly string[]> {
    await this.#place.synced();
    return (await this.queue.items(ofRun)).map(({ episode, standing }) => {
      const { kind, ...rest } = standing;
      return [numberOf({ episode }), kind, ...Object.values(rest)].join(' ');
    });
  }
}
