import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../sandbox/schedule/fair-queue.ts';
import { createScheduledSandbox } from '../../../sandbox/schedule/scheduled-sandbox.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { scriptedFingerprint } from '../../support/scripted-sandbox.ts';
import { runToy } from '../../support/toy-language.ts';
import { casesOf, requestOf } from '../execution-request.ts';

const bounds = { underWayMax: 16, underWayPerRunMax: 16, memoryBytesMax: 64, overtakenMax: 16 };

/** Processor time of this process, milliseconds: on a busy machine the wall clock tells of others. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** All executions of all runs, one end after the other; processor time for each of them, from its arrival to its end. */
function performAll(runs: number, each: number): { readonly msEach: number; readonly orders: number[] } {
  const startMs = cpuMs();
  const queue = new FairQueue<number>(bounds);
  const accounts = Array.from({ length: runs }, () => queue.account(1));
  for (let at = 0; at < each; at += 1) {
    for (const [run, account] of accounts.entries()) queue.add(account, run, 1 + ((run + at) % 8));
  }
  const orders: number[] = [];
  const underWay = [];
  for (;;) {
    for (let entry = queue.next(); entry !== null; entry = queue.next()) {
      underWay.push(entry);
      orders.push(entry.item);
    }
    // Not the oldest: executions end in another order than they began.
    const ended = underWay.splice(Math.floor(underWay.length / 3), 1)[0];
    if (ended === undefined) break;
    queue.end(ended, 1 + ((ended.item * 31) % 100));
  }
  return { msEach: (cpuMs() - startMs) / (runs * each), orders };
}

describe('with much to do', () => {
  it('a thousand runs of a thousand executions are put in order within seconds', () => {
    const { msEach, orders } = performAll(1000, 1000);
    process.stdout.write(`a million executions of a thousand runs: ${(msEach * 1000).toFixed(2)} µs each\n`);
    expect(orders.length).toBe(1_000_000);
    // Before anybody is served twice, everybody is served once.
    expect(new Set(orders.slice(0, 1100)).size).toBeGreaterThanOrEqual(1000);
    expect(msEach * 1_000_000).toBeLessThan(30_000);
  });

  it('an execution costs about the same however many wait', () => {
    // The same total each time, so that what a compiler and a collector of garbage cost is shared out alike.
    const figures = [1e3, 1e4, 1e5].map((queued) => {
      const repeats = Array.from({ length: 1e5 / queued }, () => performAll(queued / 10, 10).msEach);
      return (repeats.reduce((sum, msEach) => sum + msEach, 0) * 1000) / repeats.length;
    });
    const text = figures.map(
      (us, at) => `${10 ** (at + 3)} waiting of ${10 ** (at + 2)} runs: ${us.toFixed(2)} µs each`,
    );
    process.stdout.write(`${text.join('\n')}\n`);
    // Logarithmic in the runs: ten thousand of them cost twice as much as a hundred. Slack for a busy machine.
    expect((figures[2] ?? 0) / (figures[0] ?? 0)).toBeLessThan(20);
  });

  it('a run of three is done while one of a hundred thousand has hardly begun', async () => {
    let started = 0;
    const sandbox = createScheduledSandbox(
      {
        languages: ['javascript'],
        fingerprint: async () => scriptedFingerprint,
        execute: async ({ program, tests }) => {
          started += 1;
          await Promise.resolve();
          return { result: runToy(program, tests, false), wallMs: 1 };
        },
        close: async () => undefined,
      },
      { clock: systemClock, underWayMax: 4, claimBytes: () => 1, memoryBytesMax: null, patienceMs: 0 },
    );
    const request = requestOf('javascript', '', casesOf());
    const large = sandbox.forRun('large');
    const small = sandbox.forRun('small');
    const startMs = cpuMs();
    const many = Array.from({ length: 100_000 }, () => large.execute(request));
    await Promise.all(Array.from({ length: 3 }, () => small.execute(request)));
    expect(started).toBeLessThan(50);
    await Promise.all(many);
    const usEach = ((cpuMs() - startMs) * 1000) / 100_003;
    process.stdout.write(`through the port, 100,000 waiting: ${usEach.toFixed(2)} µs each\n`);
    expect(started).toBe(100_003);
    await sandbox.close();
  });
});
