import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock.ts';
import { type IdSource, ulidSource } from '../../src/kernel/id-source.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { BenchRow } from './bench-row.ts';
import { instantGenerator, instantSandbox, loopTask } from './loop-ports.ts';

const candidatesPerTask = 12;
const tasks = 40;
const rounds = 5;
const overheadMsMax = 1;

/**
 * What the loop itself costs per candidate: deciding, rendering and hashing prompts, feedback, validation, and the durable
 * appends to a SQLite file, everything but generator and sandbox. Twelve turns of sequential feedback with executions as
 * large as the starter suite's; median over runs that follow one another in one ledger, as `npm start` makes them.
 */
export async function benchLoop(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const concurrency of [4, 1]) {
    const value = await medianOverheadMs(concurrency);
    const bounded = concurrency === 4;
    rows.push({
      name: `loop overhead per candidate, ${concurrency} at a time`,
      value: Math.round(value * 1000) / 1000,
      unit: 'ms',
      target: bounded ? `≤ ${overheadMsMax}` : 'none',
      met: !bounded || value <= overheadMsMax,
      detail: `median of ${rounds} runs of ${tasks} tasks × ${candidatesPerTask} candidates, SQLite with fsync`,
    });
  }
  return rows;
}

async function medianOverheadMs(concurrency: number): Promise<number> {
  const root = join(repositoryRoot, '.pawl', 'bench');
  mkdirSync(root, { recursive: true });
  const directory = mkdtempSync(join(root, 'loop-'));
  const ids = ulidSource(systemClock, () => randomInt(2 ** 47) / 2 ** 47);
  const address = `sqlite:${join(directory, 'pawl.db')}`;
  const ledger = await openLedger(address, { mode: 'write', create: true, clock: systemClock, ids });
  const measured: number[] = [];
  try {
    // The first run warms the code up, of the writer's thread as well.
    for (let round = 0; round <= rounds; round += 1) {
      const ms = await overheadMs(ledger, ids, concurrency, round);
      if (round > 0) measured.push(ms);
    }
  } finally {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return measured.toSorted((left, right) => left - right)[Math.floor(rounds / 2)] as number;
}

/** Wall time of one run, divided by its candidates. */
async function overheadMs(
  ledger: Ledger,
  ids: IdSource,
  concurrency: number,
  round: number,
): Promise<number> {
  const writer = { actor: 'bench', correlation: 'bench' };
  const generator = instantGenerator();
  const sandbox = instantSandbox();
  const suite = makeSuite(
    'bench',
    'native',
    Array.from({ length: tasks }, (_, index) => loopTask(index)),
  );
  const plan = {
    // Another seed for every run, so that no candidate is in the ledger already.
    ...{ suite, split: null, taskIds: suite.tasks.map(({ view }) => view.id), seed: `bench ${round}` },
    strategies: [strategyRef(strategyNamed('sequential-feedback'), { candidates: candidatesPerTask })],
    ...{ generator: generator.ref, generatorSpec: 'instant', scorer: testsScorer, runWallMs: null },
    prompt: null,
    sandbox: [await sandbox.fingerprint('javascript')],
    budget: { candidates: candidatesPerTask, executions: null, tokens: null, stepsPerExecution: null },
  };
  const [run] = await startRuns(ledger, plan, ids, writer);
  if (run === undefined) throw new Error('no run was started');
  const never = new AbortController().signal;
  const services = {
    ...{ ledger, writer, generator, sandbox, scorer: testsScorer, clock: systemClock, concurrency },
    environment: currentEnvironment(plan.sandbox),
    onEvent: () => undefined,
  };
  const startMs = performance.now();
  await executeRun(run, services, { pause: never, abort: never });
  return (performance.now() - startMs) / (tasks * candidatesPerTask);
}

if (import.meta.main) for (const row of await benchLoop()) process.stdout.write(`${JSON.stringify(row)}\n`);
