import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { startPromptReadingModel } from '../../support/prompt-reading-model.ts';
import { testLedger } from '../../wire/test-ledger.ts';
import { jsonLines, pawl } from '../pawl.ts';
import { examine, queueRun, startWorker } from './worker-processes.ts';

const patienceMs = 240_000;
const hourMs = 3_600_000;
const can = ['--can', 'model:reader'];

/** What makes every clock of a process, in all of its threads, show another time. */
function shifted(directory: string, byMs: number): Readonly<Record<string, string>> {
  const file = join(directory, `clock${byMs}.mjs`);
  const source = `const now = Date.now;
Date.now = () => now() + ${byMs};
const { timeOrigin } = performance;
Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + ${byMs} });
`;
  writeFileSync(file, source);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

/** The other three are the same once more, and each takes half a minute: `npm run test:long` has all four. */
const cases = [
  ['a cluster', 'behind', -hourMs],
  ...(process.env['PAWL_LONG']
    ? ([
        ['a file', 'ahead', hourMs],
        ['a file', 'behind', -hourMs],
        ['a cluster', 'ahead', hourMs],
      ] as const)
    : []),
] as const;

describe('clocks an hour apart', () => {
  it.each(cases)(
    'on %s, a worker %s keeps what it has, is taken over from in time, and changes no result',
    async (where, _, byMs) => {
      const directory = temporaryDirectory();
      let answers = true;
      const model = await startPromptReadingModel({ fault: () => (answers ? null : 'silence') });
      onTestFinished(() => model.close());
      writeFileSync(
        join(directory, 'model.json'),
        JSON.stringify({ baseURL: model.baseURL, model: 'reader' }),
      );
      const plan = ['--generator', 'model:model.json', '--limit', '4', '--candidates', '3'];
      expect((await pawl(directory, ['run', ...plan, '--ledger', 'alone.db'])).exitCode).toBe(0);
      const alone = await examine(directory, 'alone.db');

      const ledger = where === 'a file' ? 'pawl.db' : (await testLedger()).address;
      const given = ['--ledger', ledger];
      answers = false;
      const run = await queueRun(directory, [...plan, '--lease', '2', ...given]);
      const asked = model.requests.length;
      const isAsked = (times: number) =>
        expect.poll(() => model.requests.length - asked, { timeout: patienceMs }).toBe(times);
      const wrong = await startWorker(directory, [...can, ...given], shifted(directory, byMs));
      onTestFinished(() => void wrong.child.kill('SIGKILL'));
      await isAsked(2);
      // Beside it for more than two leases: whoever compared clocks would take over, or let the other one do so.
      const right = await startWorker(directory, [...can, ...given]);
      onTestFinished(() => void right.child.kill('SIGKILL'));
      await isAsked(4);
      const beat = async (): Promise<readonly unknown[]> => {
        const { stdout } = await pawl(directory, ['workers', '--json', ...given]);
        return jsonLines(stdout).map(({ worker, state }) => [worker, state]);
      };
      const both = [
        [wrong.worker(), 'working'],
        [right.worker(), 'working'],
      ].toSorted();
      // What it works on a worker says with its next beat.
      await expect.poll(async () => (await beat()).toSorted(), { timeout: patienceMs }).toEqual(both);
      const untilMs = performance.now() + 4500;
      while (performance.now() < untilMs) expect((await beat()).toSorted()).toEqual(both);
      expect(model.requests.length - asked).toBe(4);

      wrong.child.kill('SIGKILL');
      await wrong.ended;
      answers = true;
      // Two slots, both waiting for answers that do not come: another one takes over.
      const third = await startWorker(directory, [...can, '--until-idle', ...given]);
      onTestFinished(() => void third.child.kill('SIGKILL'));
      await third.said(/"kind":"took"[^\n]*"attempt":2/);
      right.child.kill('SIGKILL');
      await right.ended;
      const { exitCode, stderr } = await third.ended;
      expect(exitCode, stderr).toBe(0);

      if (where !== 'a file') expect((await pawl(directory, ['copy', ledger, 'pawl.db'])).exitCode).toBe(0);
      const found = await examine(directory);
      expect(found.problems).toEqual([]);
      expect(found.status(run)).toBe('finished');
      expect(found.outcome(run)).toBe(alone.outcome(alone.of('RunStarted')[0]?.stream as StreamName));
      expect(
        found
          .of('EpisodeTaken')
          .map(({ data }) => [data.attempt, data.from?.why ?? null])
          .toSorted(),
      ).toEqual([...Array(4).fill([1, null]), ...Array(4).fill([2, 'lapsed'])]);
      const shiftMs = found
        .of('WorkerStarted')
        .map(({ at }) => Math.round((at - Date.now()) / hourMs) + 0)
        .toSorted();
      expect(shiftMs).toEqual([0, 0, byMs / hourMs].toSorted());
    },
    patienceMs,
  );
});
