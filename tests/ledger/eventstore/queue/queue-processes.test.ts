import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { testLedger } from '../../../wire/test-ledger.ts';
import { item, items, numberOf, run, workerName } from '../../contract/work/queue-items.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

const leaseMs = 1_500;
const script = fileURLToPath(new URL('queue-process.ts', import.meta.url));

interface Line {
  readonly ready?: true;
  readonly beat?: number;
  readonly taken?: string;
  readonly finished?: string;
  readonly attempt?: number;
  readonly from?: { readonly worker: string; readonly why: string } | null;
  readonly lost?: string | boolean;
}

/** One worker in a process of its own, and what it said so far. */
class Process {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;

  constructor(address: string, letter: string, holdMs: number) {
    const args = [script, address, workerName(letter), `${leaseMs}`, `${holdMs}`];
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    if (this.child.stdout === null) throw new Error('the process has no standard output');
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
  }

  async said(what: (line: Line) => boolean, timeoutMs = 20_000): Promise<Line> {
    const find = (): Line | undefined => this.lines.find(what);
    await expect.poll(find, { timeout: timeoutMs, interval: 5 }).toBeDefined();
    return find() as Line;
  }
}

/** A has item 1 for good, and B has nothing and waits. */
async function oneHoldsOneWaits(): Promise<{
  readonly a: Process;
  readonly b: Process;
  readonly standings: () => Promise<readonly string[]>;
}> {
  const { address } = await testLedger();
  const { queue, close } = await openQueueOnWire(address, systemClock);
  onTestFinished(close);
  await queue.offer(run, items(1), { leaseMs, attemptsMax: 3 });
  const a = new Process(address, 'A', 600_000);
  await a.said(({ taken }) => taken !== undefined);
  const b = new Process(address, 'B', 10);
  await b.said(({ ready }) => ready === true);
  const standings = async (): Promise<readonly string[]> =>
    (await queue.items(run)).map((state) => `${numberOf(state)} ${state.standing.kind}`);
  return { a, b, standings };
}

test('what a worker had that was killed is taken over within a lease and a second', async () => {
  const { a, b, standings } = await oneHoldsOneWaits();
  // Longer than a lease, so that it is beats that have kept it until now.
  const beats = b.lines.at(-1)?.beat ?? 0;
  await b.said(({ beat = 0 }) => beat >= beats + 6);
  expect(b.lines.filter(({ taken }) => taken !== undefined)).toEqual([]);
  const killedMs = performance.now();
  a.child.kill('SIGKILL');
  const line = await b.said(({ taken }) => taken !== undefined);
  const tookMs = performance.now() - killedMs;
  expect(line).toEqual({
    ...{ taken: item(1).episode, attempt: 2 },
    from: { worker: workerName('A'), why: 'lapsed' },
  });
  expect(tookMs).toBeLessThanOrEqual(leaseMs + 1_000);
  // For the record: how much of the second is used.
  console.log(`taken over ${Math.round(tookMs)} ms after the kill; the lease is ${leaseMs} ms`);
  await b.said(({ finished }) => finished !== undefined);
  expect(await standings()).toEqual(['1 finished']);
});

test('a worker that was stopped loses what it had, learns of it when it goes on, and changes nothing', async () => {
  const { a, b, standings } = await oneHoldsOneWaits();
  const stoppedMs = performance.now();
  a.child.kill('SIGSTOP');
  await b.said(({ finished }) => finished !== undefined);
  const tookMs = performance.now() - stoppedMs;
  expect(tookMs).toBeLessThanOrEqual(leaseMs + 1_500);
  a.child.kill('SIGCONT');
  expect(await a.said(({ lost }) => lost !== undefined)).toEqual({ lost: item(1).episode });
  expect(await standings()).toEqual(['1 finished']);
});

test('many workers that are killed one after the other lose nothing: the last one finishes everything', async () => {
  const { address } = await testLedger();
  const { queue, close } = await openQueueOnWire(address, systemClock);
  onTestFinished(close);
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  await queue.offer(run, items(...numbers), { leaseMs, attemptsMax: 10 });
  const last = new Process(address, 'Z', 20);
  for (const letter of ['A', 'B', 'C']) {
    const worker = new Process(address, letter, 200);
    await worker.said(({ taken }) => taken !== undefined);
    worker.child.kill('SIGKILL');
  }
  const finished = async (): Promise<number> =>
    (await queue.items(run)).filter(({ standing }) => standing.kind === 'finished').length;
  await expect.poll(finished, { timeout: 30_000, interval: 100 }).toBe(40);
  expect(last.lines.filter(({ from }) => from?.why === 'lapsed').length).toBeGreaterThanOrEqual(1);
});
