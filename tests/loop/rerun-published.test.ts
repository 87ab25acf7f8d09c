import { describe, expect, it } from 'vitest';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { rerunEpisodes } from '../../src/loop/rerun-episodes.ts';
import { RerunExecutor } from '../../src/loop/rerun-executor.ts';
import { addEpisode, noTotals } from '../../src/loop/rerun-totals.ts';
import { readRunState } from '../../src/loop/run-state.ts';
import { importPublished, publishedRuns } from '../exchange/published-runs.ts';
import { always } from '../support/rerun.ts';
import { toyLedger } from '../support/toy-run.ts';
import { publicDataExists, publicDataMessage } from '../tasks/public-data.ts';

const long = process.env['PAWL_LONG'] === '1';
/** Episodes of each run in a quick test. */
const sample = 12;

const untested = (...tasks: readonly number[]) =>
  tasks.map((task) => `MBPP/${task} public inconclusive: the other tool executed no test`);
const pentagon = 'assert-1 (area_pentagon(5))';

/** Why a verdict is not the recorded one, for those that are not: task, tests and verdict. */
const explained: Readonly<Record<string, readonly string[]>> = {
  'mbpp gpt-3.5-turbo-0613': [
    'MBPP/129 hidden inconclusive: the sandbox does not have it',
    'MBPP/129 public inconclusive: the sandbox does not have it',
    ...untested(18, 30, 56, 70, 148, 338, 348, 364, 367, 466, 486, 501),
  ],
  // The last digit of a float: the C library's `tan`.
  'mbpp codellama': [
    `MBPP/488 hidden diverged: ${pentagon}`,
    `MBPP/488 public diverged: ${pentagon}`,
    ...untested(18, 30, 70, 148, 323, 338, 348, 364, 367),
  ],
};

describe.skipIf(!publicDataExists)(`the recorded runs that are published${publicDataMessage}`, () => {
  it.each(publishedRuns)(
    '$suite by $model: every program executed again, with the verdict that was recorded',
    { timeout: 900_000 },
    async (published) => {
      const ledger = toyLedger(openMemoryStore(), 'published');
      const run = await importPublished(ledger, published);
      const sandbox = createWasmSandbox({ workers: 2, languages: ['python'] });
      try {
        const never = new AbortController().signal;
        const signals = { pause: never, abort: never };
        const executor = new RerunExecutor({ sandbox, clock: systemClock, atATime: 4, signals });
        const services = {
          executorFor: async () => executor,
          window: always,
          comparison: 'whole' as const,
          signals,
          ahead: 32,
          onDone: () => undefined,
        };
        const { episodes } = await readRunState(ledger, run);
        const wanted = episodes.map(({ episode }) => episode).slice(0, long ? episodes.length : sample);
        const totals = noTotals();
        const differing = new Set<string>();
        for await (const rerun of rerunEpisodes(ledger, [{ run, episodes: wanted }], services)) {
          addEpisode(totals, rerun);
          for (const { verdict, tests, remark } of rerun.checks) {
            if (verdict !== 'pass')
              differing.add(`${rerun.task} ${tests} ${verdict}: ${remark.split(': ')[0]}`);
          }
        }
        const expected = explained[`${published.suite} ${published.model}`] ?? [];
        expect([...differing].sort()).toEqual(long ? expected.toSorted() : []);
        const { public: shown, hidden } = totals.verdicts;
        expect([shown.compared > 0, hidden.compared]).toEqual([true, wanted.length]);
        if (!long) return;
        expect([shown.compared, hidden.compared]).toEqual([published.programs, published.tasks]);
        expect(hidden.recordedPassed).toBe(published.hiddenPass);
      } finally {
        await sandbox.close();
      }
    },
  );
});
