import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { parseEventstoreAddress } from '../../../../src/ledger/stores/eventstore/address.ts';
import { openEventstoreWorkQueue } from '../../../../src/ledger/stores/eventstore/queue/eventstore-work-queue.ts';
import { testLedger } from '../../../wire/test-ledger.ts';
import { items, never, run, workerName } from '../../contract/work/queue-items.ts';
import { MortalClient } from './mortal-client.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

const terms = { leaseMs: 60_000, attemptsMax: 3 };
const a = workerName('A');

// A machine that is busy elsewhere may be so slow that somebody looks around although a message is on its way.
const onBusyMachines = { retry: 2 };

test(
  'what the queue costs, in calls to the server: the figures of the page on scale',
  onBusyMachines,
  async () => {
    const { address } = await testLedger();
    const { client, close } = await openQueueOnWire(address, systemClock);
    onTestFinished(close);
    const counting = new MortalClient(client, null);
    const { prefix } = parseEventstoreAddress(address);
    const queue = openEventstoreWorkQueue({
      ...{ client: counting.client, prefix, address: 'counted', clock: systemClock },
      random: seededRandom('cost'),
    });
    onTestFinished(() => queue.close());
    const cost = async (act: () => Promise<unknown>): Promise<Record<string, number>> => {
      counting.calls.clear();
      await act();
      return Object.fromEntries(counting.calls);
    };
    const pulse = { worker: a, beat: 1, at: 1, slots: 1, capabilities: [], working: [], draining: false };
    const take = () => queue.take(run, a, 10_000, never);

    // The head twice; the ends of two streams and the duties, before and after what is missing is written; then two groups.
    expect(await cost(() => queue.offer(run, items(1, 2, 3), terms))).toEqual({
      ...{ readStream: 8, append: 3, groupInfo: 2, createGroup: 2 },
    });
    // Its stream gets a limit, and it is listed, in a list that gets one, too.
    expect(await cost(() => queue.beat(pulse))).toEqual({ writeMetadata: 2, append: 2 });
    expect(await cost(() => queue.beat({ ...pulse, beat: 2 }))).toEqual({ append: 1 });

    const [first, second] = [{}, {}] as { lease?: Awaited<ReturnType<typeof take>> }[];
    // The head; the claim and its copy on the board; the answer. The first time the groups are joined.
    const joining = await cost(async () => Object.assign(first ?? {}, { lease: await take() }));
    expect(joining).toEqual({ readStream: 1, joinGroup: 2, append: 2, acknowledge: 1 });
    const again = await cost(async () => Object.assign(second ?? {}, { lease: await take() }));
    expect(again).toEqual({ readStream: 1, append: 2, acknowledge: 1 });
    // Once per item, the first beat after it was taken sees whether it was taken over meanwhile.
    expect(await cost(() => queue.beat({ ...pulse, beat: 3 }))).toEqual({ append: 1, readStream: 2 });
    expect(await cost(() => queue.beat({ ...pulse, beat: 4 }))).toEqual({ append: 1 });
    expect(await cost(async () => first?.lease?.finish())).toEqual({ append: 2 });
    // What is given back is said to whoever waits.
    expect(await cost(async () => second?.lease?.release())).toEqual({ append: 3 });

    // The message says that it comes again, so that its lease is read before it is claimed.
    await (await take())?.finish();
    await (await take())?.finish();
    // One that finds nothing reads the tails, when it is on duty, and one pulse per other worker that has something.
    expect(await cost(() => queue.take(run, a, 0, never))).toEqual({ readStream: 3 });
    // The head and the tails, however many items there are.
    expect(await cost(() => queue.items(run))).toEqual({ readStream: 3 });
    // Who there is, and each one's pulse.
    expect(await cost(() => queue.pulses())).toEqual({ readStream: 2 });
    // A tombstone per item, and of the three streams of the run.
    expect(await cost(() => queue.withdraw(run))).toMatchObject({ append: 1, tombstone: 6, deleteGroup: 2 });
  },
);
