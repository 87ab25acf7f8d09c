import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { rerunEpisodes } from '../../src/loop/rerun-episodes.ts';
import { RerunExecutor } from '../../src/loop/rerun-executor.ts';
import { addEpisode, noTotals, totalVerdict } from '../../src/loop/rerun-totals.ts';
import { readRunState } from '../../src/loop/run-state.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import type { BenchRow } from './bench-row.ts';

const tasks = 60;
const candidates = 12;
const rounds = 3;
const workers = 2;
const ratioMin = 1;
const writer = { actor: 'bench', correlation: 'bench' };

/**
 * Recorded executions that are compared in a second ÷ those that the run itself made in a second: the same programs in the same
 * sandbox with two workers. Equal executions are shared, as they are by `pawl rerun`; the row also says what it takes without.
 */
export async function benchRerun(): Promise<BenchRow[]> {
  const sandbox = createWasmSandbox({ workers, languages: ['javascript'] });
  const generator = await createGenerator('repair');
  const ids = seededIdSource(systemClock, seededRandom('bench rerun'));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock: systemClock, ids });
  const never = new AbortController().signal;
  const signals = { pause: never, abort: never };
  try {
    const suite = await loadStarterSuite();
    const prints = [await sandbox.fingerprint('javascript')];
    const start = async (seed: string): Promise<StreamName> => {
      const plan = {
        ...{ suite, split: null, taskIds: suite.tasks.slice(0, tasks).map(({ view }) => view.id), seed },
        strategies: [strategyRef(strategyNamed('sequential-feedback'), { candidates })],
        ...{ generator: generator.ref, generatorSpec: 'repair', scorer: testsScorer, runWallMs: null },
        prompt: null,
        ...{
          sandbox: prints,
          budget: { candidates, executions: null, tokens: null, stepsPerExecution: 500_000 },
        },
      };
      return (await startRuns(ledger, plan, ids, writer))[0] as StreamName;
    };
    const environment = currentEnvironment(prints);
    const ports = { generator, scorer: testsScorer, sandbox, environment, clock: systemClock };
    const services = { ledger, writer, ...ports, concurrency: 2 * workers, onEvent: () => undefined };
    let runMs = 0;
    let rerunMs = 0;
    let performed = 0;
    const totals = noTotals();
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      const run = await start(`bench ${round}`);
      const beganMs = performance.now();
      await executeRun(run, services, signals);
      const ranMs = performance.now();
      const executor = new RerunExecutor({ sandbox, clock: systemClock, atATime: 2 * workers, signals });
      const { episodes } = await readRunState(ledger, run);
      const scope = { run, episodes: episodes.map(({ episode }) => episode) };
      const window = { sinceMs: null, untilMs: null };
      const options = {
        executorFor: async () => executor,
        window,
        comparison: 'whole' as const,
        signals,
        ahead: 32,
        onDone: () => undefined,
      };
      for await (const rerun of rerunEpisodes(ledger, [scope], options)) {
        if (round > 0) addEpisode(totals, rerun);
      }
      if (round === 0) continue;
      runMs += ranMs - beganMs;
      rerunMs += performance.now() - ranMs;
      performed += executor.performed;
    }
    if (totalVerdict(totals) !== 'pass') throw new Error('A rerun did not come out as recorded.');
    const ratio = runMs / rerunMs;
    const perSecond = (count: number, ms: number): string => ((1000 * count) / ms).toFixed(0);
    return [
      {
        name: 'recorded executions compared in a second by rerun ÷ executed in a second by the run',
        value: ratio,
        unit: '×',
        target: `≥ ${ratioMin}`,
        met: ratio >= ratioMin,
        detail: `${rounds} runs of ${tasks} starter tasks × ${candidates} candidates, ${workers} workers: ${perSecond(totals.compared, rerunMs)}/s compared (${perSecond(performed, rerunMs)}/s executed, the rest equal to one of these) against ${perSecond(totals.compared, runMs)}/s`,
      },
    ];
  } finally {
    await generator.close();
    await sandbox.close();
    await ledger.close();
  }
}
