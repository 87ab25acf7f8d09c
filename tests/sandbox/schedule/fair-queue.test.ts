import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, FairQueue, type RunAccount } from '../../../sandbox/schedule/fair-queue.ts';
import { WatchedQueue } from './watched-queue.ts';

type Queued = Entry<string>;

const roomy = { underWayMax: 4, underWayPerRunMax: 4, memoryBytesMax: null, overtakenMax: 2 };

/** Starts all that may start; their names in order. */
function startAll(queue: FairQueue<string>): Queued[] {
  const started: Queued[] = [];
  for (let entry = queue.next(); entry !== null; entry = queue.next()) started.push(entry);
  return started;
}

const names = (entries: readonly Queued[]): string[] => entries.map(({ item }) => item);

/** One after the other ends, after 10 ms, the oldest first; what starts upon each end. */
function inTurns(queue: FairQueue<string>, underWay: Queued[], ends: number): string[][] {
  return Array.from({ length: ends }, () => {
    const ended = underWay.shift();
    if (ended === undefined) return [];
    queue.end(ended, 10);
    const started = startAll(queue);
    underWay.push(...started);
    return names(started);
  });
}

describe('a fair queue', () => {
  it('starts what one run has in the order of its arrival', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 2 });
    const run = queue.account(1);
    for (const item of ['a', 'b', 'c', 'd']) queue.add(run, item, 0);
    const underWay = startAll(queue);
    expect(names(underWay)).toEqual(['a', 'b']);
    expect(inTurns(queue, underWay, 2)).toEqual([['c'], ['d']]);
    expect([queue.waiting, queue.underWay]).toEqual([0, 2]);
  });

  it('lets three of a newcomer start with the next three ends, although ten thousand waited before', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 6, underWayPerRunMax: 6 });
    const [large, small] = [queue.account(1), queue.account(1)];
    for (let at = 0; at < 10_000; at += 1) queue.add(large, `large ${at}`, 0);
    const underWay = startAll(queue);
    for (const item of ['small 0', 'small 1', 'small 2']) queue.add(small, item, 0);
    expect(inTurns(queue, underWay, 4)).toEqual([['small 0'], ['small 1'], ['small 2'], ['large 6']]);
  });

  it('gives no run more than its own bound, also where slots stay empty', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayPerRunMax: 1 });
    const run = queue.account(1);
    for (const item of ['a', 'b']) queue.add(run, item, 0);
    const underWay = startAll(queue);
    expect(names(underWay)).toEqual(['a']);
    expect(inTurns(queue, underWay, 1)).toEqual([['b']]);
  });

  it('shares by time, where there is one slot: short ones come more often than long ones', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 1 });
    const [long, short] = [queue.account(1), queue.account(1)];
    for (let at = 0; at < 20; at += 1) {
      queue.add(long, 'long', 0);
      queue.add(short, 'short', 0);
    }
    const order: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      for (const entry of startAll(queue)) {
        order.push(entry.item);
        queue.end(entry, entry.item === 'long' ? 50 : 10);
      }
    }
    expect(order.map((item) => item[0]).join('')).toBe('lssssslsssss');
  });

  it('gives a run of weight three three of four slots', () => {
    const queue = new FairQueue<string>(roomy);
    const [heavy, light] = [queue.account(3), queue.account(1)];
    for (let at = 0; at < 50; at += 1) {
      queue.add(light, 'light', 0);
      queue.add(heavy, 'heavy', 0);
    }
    const underWay = startAll(queue);
    expect(names(underWay).toSorted()).toEqual(['heavy', 'heavy', 'heavy', 'light']);
    const started = inTurns(queue, underWay, 40).flat();
    expect(started.filter((item) => item === 'heavy').length).toBe(30);
  });

  it('does not save up idleness: who comes back stands where the others are', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 1 });
    const [busy, idle] = [queue.account(1), queue.account(1)];
    for (let at = 0; at < 100; at += 1) queue.add(busy, 'busy', 0);
    const underWay = startAll(queue);
    inTurns(queue, underWay, 50);
    for (let at = 0; at < 10; at += 1) queue.add(idle, 'idle', 0);
    expect(inTurns(queue, underWay, 6).flat()).toEqual(['idle', 'busy', 'idle', 'busy', 'idle', 'busy']);
  });

  it('lets small ones pass a large one that lacks memory, and then keeps memory for it', () => {
    const queue = new FairQueue<string>({ ...roomy, memoryBytesMax: 10, overtakenMax: 2 });
    const [small, large] = [queue.account(1), queue.account(1)];
    for (let at = 0; at < 20; at += 1) queue.add(small, `small ${at}`, 3);
    const underWay = startAll(queue);
    expect(names(underWay)).toEqual(['small 0', 'small 1', 'small 2']);
    queue.add(large, 'large', 8);
    expect(inTurns(queue, underWay, 5)).toEqual([['small 3'], ['small 4'], [], [], ['large']]);
    expect(queue.underWayBytes).toBe(8);
  });

  it('forgets what is withdrawn, and takes back what has to be made again', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 1 });
    const run = queue.account(1);
    const [first, second] = [queue.add(run, 'first', 0), queue.add(run, 'second', 0)];
    const [third] = [queue.add(run, 'third', 0), startAll(queue)];
    expect(queue.withdraw(first)).toBe(false); // under way
    expect(queue.withdraw(second)).toBe(true);
    expect(queue.withdraw(second)).toBe(false);
    queue.end(first, 1);
    queue.putBack(first, 'first');
    expect(names(startAll(queue))).toEqual(['first']);
    queue.end(first, 1);
    queue.putBack(first, 'last');
    expect(queue.next()).toBe(third);
    expect(queue.withdrawAll(run)).toEqual(['first']);
    expect(queue.waiting).toBe(0);
  });

  it('bears a driver that says no sensible time', () => {
    const queue = new FairQueue<string>({ ...roomy, underWayMax: 1 });
    const [odd, even] = [queue.account(1), queue.account(1)];
    for (let at = 0; at < 8; at += 1) {
      queue.add(odd, 'odd', 0);
      queue.add(even, 'even', 0);
    }
    const wallTimes = [Number.NaN, 1, -5, 1, 0, 1, Number.POSITIVE_INFINITY, 1, 1, 1];
    const order = wallTimes.map((wallMs) => {
      const entry = queue.next();
      if (entry === null) throw new Error('something waits');
      queue.end(entry, wallMs);
      return entry.item;
    });
    expect(order).toEqual(['odd', 'even', 'odd', 'even', 'odd', 'even', 'odd', 'even', 'even', 'even']);
  });
});

const history = fc.record({
  underWayMax: fc.integer({ min: 1, max: 6 }),
  underWayPerRunMax: fc.integer({ min: 1, max: 6 }),
  memoryBytesMax: fc.option(fc.integer({ min: 10, max: 40 }), { nil: null }),
  overtakenMax: fc.integer({ min: 0, max: 4 }),
  weights: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 8 }),
  steps: fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('add' as const),
          run: fc.nat(),
          bytes: fc.integer({ min: 0, max: 10 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(), wallMs: fc.nat(100) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), at: fc.nat() }) },
    ),
    { maxLength: 300 },
  ),
});

describe('whatever comes and goes', () => {
  it('no bound is passed, nobody starves, the fewest go first, and everything ends', () => {
    fc.assert(
      fc.property(history, ({ steps, weights, ...bounds }) => {
        const watched = new WatchedQueue(weights, bounds);
        for (const step of steps) {
          if (step.kind === 'add') watched.add(step.run, step.bytes);
          else if (step.kind === 'end') watched.end(step.at, step.wallMs);
          else watched.withdraw(step.at);
        }
        for (let left = watched.entries.length; left > 0; left -= 1) watched.end(0, 1);
        expect(watched.entries.every(({ state }) => state === 'gone')).toBe(true);
        expect([watched.queue.waiting, watched.queue.underWay, watched.queue.underWayBytes]).toEqual([
          0, 0, 0,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('two runs that always wait for one slot differ by no more time than the longest execution of each', () => {
    const times = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 60, maxLength: 60 });
    const weight = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(times, times, weight, weight, (left, right, leftWeight, rightWeight) => {
        const queue = new FairQueue<readonly [run: 0 | 1, wallMs: number]>({ ...roomy, underWayMax: 1 });
        const weights = [leftWeight, rightWeight] as const;
        const accounts = weights.map((one) => queue.account(one));
        for (const [at, wallMs] of left.entries()) {
          queue.add(accounts[0] as RunAccount<readonly [0 | 1, number]>, [0, wallMs], 0);
          queue.add(accounts[1] as RunAccount<readonly [0 | 1, number]>, [1, right[at] ?? 1], 0);
        }
        const used: [number, number] = [0, 0];
        const bound = Math.max(...left) / leftWeight + Math.max(...right) / rightWeight;
        while (accounts.every(({ waiting }) => waiting.first !== null)) {
          const entry = queue.next();
          if (entry === null) throw new Error('something waits');
          const [run, wallMs] = entry.item;
          queue.end(entry, wallMs);
          used[run] += wallMs / weights[run];
          expect(Math.abs(used[0] - used[1])).toBeLessThanOrEqual(bound + 1e-6);
        }
      }),
    );
  });
});
