import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { openEventstoreWorkQueue } from '../../../../src/ledger/stores/eventstore/queue/eventstore-work-queue.ts';
import type { WorkQueue } from '../../../../src/ledger/work-queue.ts';
import { startWireServer } from '../../../wire/server/wire-server.ts';
import { withPrefix } from '../../../wire/with-prefix.ts';
import { items, never, numberOf, run, workerName } from '../../contract/work/queue-items.ts';
import { type Death, MortalClient } from './mortal-client.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

const terms = { leaseMs: 100, attemptsMax: 2 };
const all = items(1, 2, 3);
/** Every call in the long run, otherwise every so many, with another first one each way. */
const stride = process.env['PAWL_LONG'] === '1' ? 1 : 5;

interface Killed {
  readonly mortal: MortalClient;
  /** Another process, that lives. */
  readonly survivor: WorkQueue;
}

/** A process that is killed at a call while it does something. `atCall` null: it lives to the end. */
async function killedWhile(
  act: (queue: WorkQueue) => Promise<void>,
  atCall: number | null,
  how: Death,
  prepare: (survivor: WorkQueue) => Promise<void> = async () => undefined,
): Promise<Killed> {
  const server = await startWireServer({ groupTickMs: 20 });
  onTestFinished(() => server.stop());
  const address = withPrefix(server.url, 'mortal');
  const other = await openQueueOnWire(address, systemClock);
  onTestFinished(other.close);
  await prepare(other.queue);
  const own = await openQueueOnWire(address, systemClock);
  onTestFinished(own.close);
  const mortal = new MortalClient(own.client, atCall === null ? null : { atCall, how });
  const queue = openEventstoreWorkQueue({
    ...{ client: mortal.client, prefix: 'mortal', address: 'a mortal', clock: systemClock },
    random: seededRandom('mortal'),
  });
  try {
    await act(queue);
  } catch (error) {
    if (!mortal.isDead) throw error;
  }
  // As the kernel does it for a process that is no more.
  await queue.close();
  await own.close();
  return { mortal, survivor: other.queue };
}

/** Takes and finishes all there is, with the patience to see what is lost. */
async function finishAll(queue: WorkQueue): Promise<void> {
  for (;;) {
    const states = await queue.items(run);
    if (states.every(({ standing }) => standing.kind === 'finished' || standing.kind === 'parked')) return;
    await (await queue.take(run, workerName('B'), 50, never))?.finish();
  }
}

const standings = async (queue: WorkQueue): Promise<readonly string[]> =>
  (await queue.items(run)).map((state) => `${numberOf(state)} ${state.standing.kind}`);
const finished = all.map((one) => `${numberOf(one)} finished`);

async function everything(queue: WorkQueue): Promise<void> {
  const a = workerName('A');
  await queue.offer(run, all, terms);
  const take = () => queue.take(run, a, 10_000, never);
  const beat = { worker: a, beat: 1, at: 1, slots: 1, capabilities: [], working: [], draining: false };
  await queue.beat(beat);
  const [first, second] = [await take(), await take()];
  await queue.beat({ ...beat, beat: 2 });
  await first?.release();
  await second?.finish();
  for (let parked = ''; parked !== 'parked'; ) parked = (await (await take())?.fail('by design')) ?? '';
  await queue.unpark(run);
  await (await take())?.finish();
}

for (const how of ['before', 'after'] as const) {
  test(`killed ${how} any of its calls, a worker leaves nothing behind that another one does not finish`, async () => {
    const { mortal: whole } = await killedWhile(everything, null, how);
    expect(whole.count).toBeGreaterThan(40);
    for (let atCall = how === 'before' ? 1 : 3; atCall <= whole.count; atCall += stride) {
      const { survivor } = await killedWhile(everything, atCall, how);
      await survivor.offer(run, all, terms);
      await finishAll(survivor);
      await survivor.unpark(run);
      await finishAll(survivor);
      expect(await standings(survivor), `killed ${how} call ${atCall}`).toEqual(finished);
      expect(await survivor.take(run, workerName('B'), 0, never)).toBeNull();
    }
  });

  test(`killed ${how} any of its calls, a withdrawal is completed by the next one, and the run can be offered again`, async () => {
    const prepare = async (queue: WorkQueue): Promise<void> => {
      await queue.offer(run, all, terms);
      await (await queue.take(run, workerName('B'), 10_000, never))?.finish();
    };
    const withdraw = (queue: WorkQueue): Promise<void> => queue.withdraw(run);
    const { mortal: whole } = await killedWhile(withdraw, null, how, prepare);
    expect(whole.count).toBeGreaterThan(10);
    for (let atCall = 1; atCall <= whole.count; atCall += 1) {
      for (const next of ['withdraw', 'offer'] as const) {
        const { survivor } = await killedWhile(withdraw, atCall, how, prepare);
        if (next === 'withdraw') await survivor.withdraw(run);
        const isKept = next === 'offer' && (await survivor.items(run)).length > 0;
        await survivor.offer(run, all, terms);
        const expected = all.map(
          (one, index) => `${numberOf(one)} ${isKept && index === 0 ? 'finished' : 'waiting'}`,
        );
        expect(await standings(survivor), `killed ${how} call ${atCall}, then ${next}`).toEqual(expected);
        await finishAll(survivor);
        expect(await standings(survivor)).toEqual(finished);
      }
    }
  });
}
