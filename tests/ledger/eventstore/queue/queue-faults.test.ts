import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/kernel/clock.ts';
import type { Fault, FaultRule, Operation } from '../../../wire/server/faults.ts';
import { startWireServer, type WireServer } from '../../../wire/server/wire-server.ts';
import { withPrefix } from '../../../wire/with-prefix.ts';
import { item, items, never, numberOf, run, workerName } from '../../contract/work/queue-items.ts';
import { openQueueOnWire, type QueueOnWire } from './queue-on-wire.ts';

const terms = { leaseMs: 2_000, attemptsMax: 3 };
const [a, b] = [workerName('A'), workerName('B')];

async function serverWith(
  queues: number,
): Promise<{ readonly server: WireServer; readonly opened: readonly QueueOnWire[] }> {
  const server = await startWireServer({ groupTickMs: 50 });
  onTestFinished(() => server.stop());
  const opened: QueueOnWire[] = [];
  for (let index = 0; index < queues; index += 1) {
    const one = await openQueueOnWire(withPrefix(server.url, 'faulty'), systemClock, `seed ${index}`);
    onTestFinished(one.close);
    opened.push(one);
  }
  return { server, opened };
}

async function standings({ queue }: QueueOnWire): Promise<readonly string[]> {
  const states = await queue.items(run);
  return states.map((state) => `${numberOf(state)} ${state.standing.kind}`);
}

const everyWrite: readonly Fault[] = ['drop before commit', 'drop after commit', 'mute', 'mute after commit'];
const streams = ['queue-', 'work-', 'board-', 'duty-', 'lease-', 'worker-', 'workers'];
/** A call that is not answered takes as long as a call may. */
const long = process.env['PAWL_LONG'] === '1';
const isSlow = (fault: Fault, stream: string): boolean => fault.startsWith('mute') && stream !== 'lease-';

describe('a write of the queue whose answer is lost', () => {
  for (const fault of everyWrite) {
    for (const stream of streams) {
      test.skipIf(!long && isSlow(fault, stream))(`${stream}…: ${fault}`, async () => {
        const { server, opened } = await serverWith(1);
        const [only] = opened as [QueueOnWire];
        const { queue } = only;
        const rule: FaultRule = { operation: 'append', fault, streamPrefix: `faulty:${stream}`, timesMax: 1 };
        await server.setFaults([rule]);
        await queue.offer(run, items(1, 2, 3), { ...terms, leaseMs: 20_000 });
        const pulse = { worker: a, beat: 1, at: 1, slots: 1, capabilities: [], working: [], draining: false };
        // A beat has less patience; the worker beats again.
        await queue.beat(pulse).catch(() => queue.beat({ ...pulse, beat: 2 }));
        const first = await queue.take(run, a, 20_000, never);
        const second = await queue.take(run, a, 20_000, never);
        await first?.finish();
        expect(await second?.fail('no room')).toBe('handed out again');
        const third = await queue.take(run, a, 20_000, never);
        await third?.finish();
        const fourth = await queue.take(run, a, 20_000, never);
        await fourth?.finish();
        expect(await standings(only)).toEqual(['1 finished', '2 finished', '3 finished']);
        expect(await queue.take(run, a, 0, never)).toBeNull();
        expect((await queue.pulses()).map(({ worker }) => worker)).toEqual([a]);
        expect(Object.values(await server.faultCounts())).toEqual([1]);
      });
    }
  }
});

describe('a group that misbehaves', () => {
  const cases: readonly (readonly [Operation, Fault, number])[] = [
    ['group', 'not ready', 3],
    ['group', 'unknown error', 2],
    ['group', 'drop before commit', 2],
    ['group', 'drop after commit', 2],
    ['group message', 'drop before commit', 3],
    ['group message', 'drop after commit', 3],
    ['group message', 'subscription dropped', 3],
    ['group message', 'duplicate reply', 6],
    ['group message', 'mute', 3],
    // Whoever is not heard gets no further message; what is left is found by whoever is on duty.
    ['group answer', 'mute', 2],
    ['group answer', 'drop before commit', 3],
    ['group answer', 'drop after commit', 3],
  ];
  for (const [operation, fault, timesMax] of cases) {
    test(`${operation}: ${fault}, ${timesMax} times: every item is taken once`, async () => {
      const { server, opened } = await serverWith(2);
      await server.setFaults([{ operation, fault, timesMax }]);
      await opened[0]?.queue.offer(run, items(1, 2, 3, 4, 5, 6), terms);
      const taken: number[] = [];
      await Promise.all(
        opened.map(async ({ queue }, index) => {
          const worker = index === 0 ? a : b;
          while (taken.length < 6) {
            const lease = await queue.take(run, worker, 100, never);
            if (lease === null) continue;
            taken.push(numberOf(lease.item));
            expect(lease.attempt).toBe(1);
            await lease.finish();
          }
        }),
      );
      expect(taken.sort()).toEqual([1, 2, 3, 4, 5, 6]);
      expect(new Set(await standings(opened[0] as QueueOnWire))).toEqual(
        new Set([1, 2, 3, 4, 5, 6].map((number) => `${number} finished`)),
      );
      expect(Object.values(await server.faultCounts())).toEqual([timesMax]);
    });
  }
});

test('whoever waits goes on waiting over a restart and over a link that is cut', async () => {
  const { server, opened } = await serverWith(2);
  const [one, other] = opened as [QueueOnWire, QueueOnWire];
  await one.queue.offer(run, items(1), terms);
  await (await one.queue.take(run, a, 20_000, never))?.finish();
  for (const [number, interrupt] of [
    [2, () => server.restart()],
    [3, () => server.cutConnections()],
  ] as const) {
    const waiting = other.queue.take(run, b, 60_000, never);
    await one.queue.items(run);
    await interrupt();
    await one.queue.offer(run, items(1, 2, 3).slice(0, number), terms);
    const lease = await waiting;
    expect(lease?.item).toEqual(item(number));
    await lease?.finish();
  }
});

test('a server that stays away is a coded error that says so, and nothing is lost by it', async () => {
  const { server, opened } = await serverWith(1);
  const [{ queue }] = opened as [QueueOnWire];
  await queue.offer(run, items(1, 2), terms);
  const lease = await queue.take(run, a, 20_000, never);
  await server.goDown();
  const failures = await Promise.allSettled([
    queue.take(run, a, 0, never),
    lease?.finish(),
    queue.items(run),
  ]);
  expect(failures.map((failure) => failure.status === 'rejected' && failure.reason.code)).toEqual([
    'LEDGER_UNREACHABLE',
    'LEDGER_UNREACHABLE',
    'LEDGER_UNREACHABLE',
  ]);
  await server.comeBack();
  await lease?.finish();
  await (await queue.take(run, a, 20_000, never))?.finish();
  expect(await standings(opened[0] as QueueOnWire)).toEqual(['1 finished', '2 finished']);
});

test('what the server has parked, and groups that are gone, come back when the run is offered again', async () => {
  const { opened } = await serverWith(1);
  const [one] = opened as [QueueOnWire];
  await one.queue.offer(run, items(1, 2), terms);
  const [work, duty] = [`faulty:work-0-${run}`, `faulty:duty-0-${run}`];
  const leave = new AbortController();
  for await (const message of one.client.joinGroup(work, 'workers', 1, leave.signal)) {
    await message.refuse('park', 'somebody outside did this');
    if (message.event.revision === 1) leave.abort();
  }
  await expect.poll(async () => (await one.client.groupInfo(work, 'workers', 1_000))?.parked).toBe(2);
  await one.queue.offer(run, items(1, 2), terms);
  expect((await one.client.groupInfo(work, 'workers', 1_000))?.parked).toBe(0);
  await (await one.queue.take(run, a, 20_000, never))?.finish();
  await one.client.deleteGroup(work, 'workers', 1_000);
  await one.client.deleteGroup(duty, 'watchers', 1_000);
  await (await one.queue.take(run, a, 20_000, never))?.finish();
  expect(await standings(one)).toEqual(['1 finished', '2 finished']);
});

test('whoever is on duty finds what no message tells of', async () => {
  const { opened } = await serverWith(1);
  const [one] = opened as [QueueOnWire];
  await one.queue.offer(run, items(1, 2), terms);
  const leave = new AbortController();
  for await (const message of one.client.joinGroup(`faulty:work-0-${run}`, 'workers', 1, leave.signal)) {
    await message.acknowledge();
    if (message.event.revision === 1) leave.abort();
  }
  const found = [await one.queue.take(run, a, 20_000, never), await one.queue.take(run, a, 20_000, never)];
  expect(found.map((lease) => lease?.item)).toEqual([item(1), item(2)]);
});

test('a run whose streams somebody has deleted is offered anew', async () => {
  const { opened } = await serverWith(1);
  const [one] = opened as [QueueOnWire];
  await one.queue.offer(run, items(1, 2), terms);
  const lease = await one.queue.take(run, a, 20_000, never);
  await one.client.tombstone(`faulty:work-0-${run}`, 1_000);
  await one.client.tombstone(`faulty:board-0-${run}`, 1_000);
  // What was handed out before may still be taken; the rest is out of sight.
  await one.queue.take(run, a, 0, never);
  expect(await one.queue.take(run, a, 0, never)).toBeNull();
  await one.queue.offer(run, items(1, 2), terms);
  expect(await standings(one)).toEqual(['1 waiting', '2 waiting']);
  await lease?.finish();
  expect(await standings(one)).toEqual(['1 waiting', '2 waiting']);
  expect((await one.queue.take(run, a, 20_000, never))?.attempt).toBe(1);
});
