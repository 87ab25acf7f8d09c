import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { isPawlError } from '../../../../src/kernel/pawl-error.ts';
import { type Random, seededRandom } from '../../../../src/kernel/random.ts';
import type { Lease } from '../../../../src/ledger/work-queue.ts';
import type { FaultRule } from '../../../wire/server/faults.ts';
import { startWireServer, type WireServer } from '../../../wire/server/wire-server.ts';
import { withPrefix } from '../../../wire/with-prefix.ts';
import { items, never, numberOf, run, workerName } from '../../contract/work/queue-items.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

const long = process.env['PAWL_LONG'] === '1';
const itemCount = long ? 5_000 : 200;
const seed = process.env['PAWL_QUEUE_SEED'] ?? 'queue 1';
const leaseMs = 1_000;
const workerCount = 4;

const rules: readonly FaultRule[] = [
  { operation: 'append', fault: 'drop before commit', probability: 0.01 },
  { operation: 'append', fault: 'drop after commit', probability: 0.02 },
  { operation: 'append', fault: 'mute after commit', probability: 0.001 },
  { operation: 'append', fault: 'late commit', probability: 0.01, delayMs: 50 },
  { operation: 'append', fault: 'duplicate reply', probability: 0.01 },
  { operation: 'read', fault: 'drop before commit', probability: 0.005 },
  { operation: 'group', fault: 'not ready', probability: 0.05 },
  { operation: 'group message', fault: 'drop before commit', probability: 0.01 },
  { operation: 'group message', fault: 'drop after commit', probability: 0.01 },
  { operation: 'group message', fault: 'subscription dropped', probability: 0.01 },
  { operation: 'group message', fault: 'mute', probability: 0.005 },
  { operation: 'group message', fault: 'duplicate reply', probability: 0.02 },
  { operation: 'group answer', fault: 'mute', probability: 0.01 },
  { operation: 'group answer', fault: 'drop before commit', probability: 0.01 },
];

/** What all workers of the test see of each other. */
interface Ward {
  readonly address: string;
  readonly random: Random;
  /** Who has what, as far as leases say; of workers that are gone, too. */
  readonly holders: Map<number, string>;
  readonly finished: Set<number>;
  readonly why: Map<string, number>;
  names: number;
}

/** The same again while the server is away: what a worker does with a failure that passes. */
async function patiently<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isPawlError(error) || !error.entry.retryable) throw error;
    }
  }
}

/** Works until everything is finished or it is its turn to go without a word. */
async function work(ward: Ward): Promise<void> {
  ward.names += 1;
  const name = `${workerName('W').slice(0, -6)}${String(ward.names).padStart(6, '0')}`;
  const { queue, close } = await openQueueOnWire(ward.address, systemClock, name);
  const gone = new AbortController();
  const beating = (async () => {
    const rest = { slots: 1, capabilities: [], working: [], draining: false };
    for (let beat = 1; !gone.signal.aborted; beat += 1) {
      await queue.beat({ worker: name, beat, at: systemClock.now(), ...rest }).catch(() => undefined);
      await systemClock.sleep(leaseMs / 5, gone.signal).catch(() => undefined);
    }
  })();
  try {
    while (ward.finished.size < itemCount) {
      const lease = await patiently(() => queue.take(run, name, 50, never));
      if (lease === null) continue;
      noteTaken(ward, lease, name);
      if (!(await deal(ward, lease, name))) return;
    }
  } finally {
    gone.abort();
    await beating;
    await close();
  }
}

/** What is handed out without having lapsed is with nobody else. */
function noteTaken({ holders, finished, why }: Ward, lease: Lease, name: string): void {
  const number = numberOf(lease.item);
  const kind = lease.from?.why ?? 'first';
  why.set(kind, (why.get(kind) ?? 0) + 1);
  expect(finished.has(number), `${number} is given out although it is finished`).toBe(false);
  const holder = holders.get(number) ?? name;
  if (kind !== 'lapsed') expect(holder, `${number} is with two`).toBe(name);
  holders.set(number, name);
}

/** Returns false when the worker is to vanish with what it has. */
async function deal({ holders, finished, random }: Ward, lease: Lease, name: string): Promise<boolean> {
  const number = numberOf(lease.item);
  const chance = random.float();
  if (chance < 0.02) return false;
  // Another one can have it from the moment the call is under way.
  if (holders.get(number) === name) holders.delete(number);
  if (chance < 0.1) await patiently(() => lease.release());
  else if (chance < 0.2) await patiently(() => lease.fail('by chance'));
  else {
    await patiently(() => lease.finish());
    if (!lease.lost.aborted) finished.add(number);
  }
  return true;
}

async function disturb(server: WireServer, random: Random, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await systemClock.sleep(random.int(300, 2_000), until).catch(() => undefined);
    if (until.aborted) return;
    if (random.float() < 0.3) await server.restart();
    else await server.cutConnections();
  }
}

test(`${itemCount} items under faults: each is finished, none is with two workers (seed ${seed})`, async () => {
  console.log(`PAWL_QUEUE_SEED='${seed}'`);
  const random = seededRandom(seed);
  const server = await startWireServer({ groupTickMs: 50 });
  onTestFinished(() => server.stop());
  const address = withPrefix(server.url, 'chaos');
  const offerer = await openQueueOnWire(address, systemClock);
  onTestFinished(offerer.close);
  await server.setFaults(rules, random.int(1, 1_000_000_000));
  const all = items(...Array.from({ length: itemCount }, (_, number) => number));
  await patiently(() => offerer.queue.offer(run, all, { leaseMs, attemptsMax: 1_000 }));
  const ward: Ward = {
    ...{ address, random, holders: new Map(), finished: new Set(), why: new Map(), names: 0 },
  };
  const over = new AbortController();
  const disturbing = disturb(server, random, over.signal);
  // Whoever vanishes is followed by another one.
  const lane = async (): Promise<void> => {
    while (ward.finished.size < itemCount) await work(ward);
  };
  await Promise.all(Array.from({ length: workerCount }, lane)).finally(() => over.abort());
  await disturbing;
  await server.setFaults([]);
  const states = await patiently(() => offerer.queue.items(run));
  expect(states.map((state) => numberOf(state))).toEqual(all.map(numberOf));
  expect(new Set(states.map(({ standing }) => standing.kind))).toEqual(new Set(['finished']));
  const counts = await server.faultCounts();
  console.log(JSON.stringify({ workers: ward.names, taken: Object.fromEntries(ward.why), faults: counts }));
  expect(Object.keys(counts).length).toBeGreaterThan(8);
});
