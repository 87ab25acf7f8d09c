import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { episodeProjection } from '../../projections/episode.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { publicData, publicDataExists } from '../tasks/public-data.ts';

interface Solved {
  readonly public: number;
  readonly hidden: number;
  readonly candidates: number;
}

const names = ['best-of-n', 'unary-retry', 'sequential-feedback'] as const;

/** The three strategies on the same tasks with the same draws, as `pawl run` does it, and what each of them solved. */
async function solvedBy(
  spec: string,
  seed: string,
  candidates: number,
  stepsPerExecution: number,
  tasksMax: number,
): Promise<Readonly<Record<string, Solved>>> {
  const ids = seededIdSource(systemClock, seededRandom(`feedback ${seed}`));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock: systemClock, ids });
  const sandbox = createWasmSandbox({ workers: availableParallelism(), languages: ['javascript'] });
  const generator = await createGenerator('repair');
  const writer = { actor: 'test', correlation: 'test' };
  try {
    const suite = await loadSuite(spec);
    const plan = {
      suite,
      split: null,
      taskIds: suite.tasks.map(({ view }) => view.id).slice(0, tasksMax),
      strategies: names.map((name) => strategyRef(strategyNamed(name), { candidates })),
      ...{ generator: generator.ref, generatorSpec: 'repair', scorer: testsScorer, seed, runWallMs: null },
      prompt: null,
      sandbox: [await sandbox.fingerprint('javascript')],
      budget: { candidates, executions: null, tokens: null, stepsPerExecution },
    };
    const solved: Record<string, Solved> = {};
    const signals = { pause: new AbortController().signal, abort: new AbortController().signal };
    for (const run of await startRuns(ledger, plan, ids, writer)) {
      const environment = currentEnvironment(plan.sandbox);
      const ports = { generator, scorer: testsScorer, sandbox, environment, clock: systemClock };
      const services = { ledger, writer, ...ports };
      await executeRun(run, { ...services, concurrency: 4, onEvent: () => {} }, signals);
    }
    let state = episodeProjection.initialState();
    for await (const event of ledger.readAll()) state = episodeProjection.evolve(state, event);
    for (const { strategy, finished } of Object.values(state.episodes)) {
      const before = solved[strategy.name] ?? { public: 0, hidden: 0, candidates: 0 };
      solved[strategy.name] = {
        public: before.public + (finished?.publicPass ? 1 : 0),
        hidden: before.hidden + (finished?.hiddenPass ? 1 : 0),
        candidates: before.candidates + (finished?.candidates ?? 0),
      };
    }
    return solved;
  } finally {
    await generator.close();
    await sandbox.close();
    await ledger.close();
  }
}

describe('repair really uses feedback', () => {
  test('and solves fewer tasks of the starter suite without it', { timeout: 120_000 }, async () => {
    expect(await solvedBy('starter', '1', 12, 20_000, 60)).toMatchInlineSnapshot(`
      {
        "best-of-n": {
          "candidates": 574,
          "hidden": 10,
          "public": 17,
        },
        "sequential-feedback": {
          "candidates": 519,
          "hidden": 14,
          "public": 23,
        },
        "unary-retry": {
          "candidates": 574,
          "hidden": 10,
          "public": 17,
        },
      }
    `);
  });

  const isLong = process.env['PAWL_LONG'] === '1';
  test.runIf(isLong && publicDataExists)(
    'and the table on HumanEvalPack JavaScript in the docs is what seed 7 gives',
    { timeout: 900_000 },
    async () => {
      expect(await solvedBy(`humanevalpack:${publicData.humanevalpack}`, '7', 30, 500_000, 164)).toEqual({
        'best-of-n': { public: 90, hidden: 64, candidates: 2856 },
        'unary-retry': { public: 90, hidden: 64, candidates: 2856 },
        'sequential-feedback': { public: 96, hidden: 67, candidates: 2588 },
      });
    },
  );
});
