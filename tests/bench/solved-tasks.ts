import { episodeProjection } from '../../projections/episode.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import type { Json } from '../../src/kernel/json.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { defaultSplits } from '../../src/tasks/default-splits.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { rememberingSandbox } from './remembering-sandbox.ts';

export interface MeasuredRun {
  readonly strategy: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly generator: string;
  readonly seed: string;
  /** Execute everything, whatever was executed before: where time counts. */
  readonly fresh: boolean;
}

interface Solved {
  readonly tasks: number;
  readonly publicPass: number;
  readonly hiddenPass: number;
}

/** The splits that search may look at, and no other. */
const splitNames = ['optimize', 'select'] as const;

export interface Solving {
  readonly splits: Readonly<Record<(typeof splitNames)[number], Solved>>;
  readonly wallMs: number;
}

export interface Measuring {
  readonly run: (setting: MeasuredRun) => Promise<Solving>;
  readonly close: () => Promise<void>;
}

const candidates = 12;
const stepsPerExecution = 20_000;

/** Runs of the starter suite as `pawl run --max-steps 20000` makes them, one ledger in memory each. */
export async function openMeasuring(workers: number): Promise<Measuring> {
  const sandbox = createWasmSandbox({ workers, languages: ['javascript'] });
  const remembering = rememberingSandbox(sandbox);
  return {
    run: (setting) => solve(setting, setting.fresh ? sandbox : remembering, workers),
    close: () => sandbox.close(),
  };
}

async function solve(setting: MeasuredRun, sandbox: Sandbox, workers: number): Promise<Solving> {
  const ids = seededIdSource(systemClock, seededRandom(`solved tasks ${setting.seed}`));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock: systemClock, ids });
  const generator = await createGenerator(setting.generator);
  const writer = { actor: 'bench', correlation: 'bench' };
  const suite = await loadSuite('starter');
  const { parts } = defaultSplits(suite);
  try {
    const plan = {
      ...{ suite, split: null, taskIds: splitNames.flatMap((name) => parts[name]), seed: setting.seed },
      strategies: [strategyRef(strategyNamed(setting.strategy), { candidates, ...setting.params })],
      ...{ generator: generator.ref, generatorSpec: setting.generator, scorer: testsScorer, runWallMs: null },
      ...{ prompt: null, sandbox: [await sandbox.fingerprint('javascript')] },
      budget: { candidates, executions: null, tokens: null, stepsPerExecution },
    };
    const [run] = await startRuns(ledger, plan, ids, writer);
    if (run === undefined) throw new Error('no run was started');
    const never = new AbortController().signal;
    const services = {
      ...{ ledger, writer, generator, sandbox, scorer: testsScorer, clock: systemClock },
      ...{ concurrency: workers, environment: currentEnvironment(plan.sandbox), onEvent: () => undefined },
    };
    const startMs = performance.now();
    await executeRun(run, services, { pause: never, abort: never });
    const wallMs = performance.now() - startMs;
    let state = episodeProjection.initialState();
    for await (const event of ledger.readAll()) state = episodeProjection.evolve(state, event);
    const episodes = Object.values(state.episodes);
    const solved = (ids: readonly string[]): Solved => {
      const own = episodes.filter(({ task }) => ids.includes(task));
      return {
        tasks: own.length,
        publicPass: own.filter(({ finished }) => finished?.publicPass === true).length,
        hiddenPass: own.filter(({ finished }) => finished?.hiddenPass === true).length,
      };
    };
    return { splits: { optimize: solved(parts.optimize), select: solved(parts.select) }, wallMs };
  } finally {
    await generator.close();
    await ledger.close();
  }
}
