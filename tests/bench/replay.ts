import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { BenchRow } from './bench-row.ts';
import { benchDirectory, median, openBenchLedger, timeMs } from './ledger-fixture.ts';
import { instantGenerator, instantSandbox, loopTask } from './loop-ports.ts';

const tasks = 160;
const candidatesPerTask = 12;
const rounds = 3;
const concurrency = 4;
const ratioMax = 1;

/**
 * `pawl replay --all`, as a person runs it (the start of its process is in the time), against the time that the run took with
 * effects that answer at once. Each round has a ledger of its own with that one run in it; medians of the rounds.
 */
export async function benchReplay(): Promise<BenchRow[]> {
  const runMs: number[] = [];
  const replayMs: number[] = [];
  let events = 0;
  for (let round = -1; round < rounds; round += 1) {
    const directory = benchDirectory();
    const path = join(directory.path, 'ledger.db');
    try {
      const running = await recordRun(path, round);
      const replaying = await timeMs(async () => {
        events = replayAll(path);
      });
      // The first round warms the code of the run up; the command always starts cold.
      if (round < 0) continue;
      runMs.push(running);
      replayMs.push(replaying);
    } finally {
      directory.remove();
    }
  }
  const value = median(replayMs) / median(runMs);
  return [
    {
      ...{ name: '`pawl replay --all` ÷ the run with instant effects', value, unit: '×' },
      ...{ target: `≤ ${ratioMax}`, met: value <= ratioMax },
      detail: `${tasks} tasks × ${candidatesPerTask} candidates, ${events} events, medians of ${rounds} rounds: run ${median(runMs).toFixed(0)} ms (${concurrency} episodes at a time), replay ${median(replayMs).toFixed(0)} ms with the start of the process`,
    },
  ];
}

async function recordRun(path: string, round: number): Promise<number> {
  const ledger = await openBenchLedger(path);
  try {
    return await timeMs(() => workThrough(ledger, round));
  } finally {
    await ledger.close();
  }
}

async function workThrough(ledger: Ledger, round: number): Promise<void> {
  const writer = { actor: 'bench', correlation: 'bench' };
  const generator = instantGenerator();
  const sandbox = instantSandbox();
  const all = Array.from({ length: tasks }, (_, index) => loopTask(index));
  const suite = makeSuite('bench', 'native', all);
  const plan = {
    ...{ suite, split: null, taskIds: all.map(({ view }) => view.id), seed: `bench ${round}` },
    strategies: [strategyRef(strategyNamed('sequential-feedback'), { candidates: candidatesPerTask })],
    ...{ generator: generator.ref, generatorSpec: 'instant', scorer: testsScorer, runWallMs: null },
    prompt: null,
    sandbox: [await sandbox.fingerprint('javascript')],
    budget: { candidates: candidatesPerTask, executions: null, tokens: null, stepsPerExecution: null },
  };
  const ids = seededIdSource(systemClock, seededRandom(`runs ${round}`));
  const [run] = await startRuns(ledger, plan, ids, writer);
  if (run === undefined) throw new Error('no run was started');
  const never = new AbortController().signal;
  const ports = { generator, sandbox, scorer: testsScorer, clock: systemClock };
  const environment = currentEnvironment(plan.sandbox);
  const services = { ledger, writer, environment, ...ports, concurrency, onEvent: () => undefined };
  await executeRun(run, services, { pause: never, abort: never });
}

/** Events that were looked at; anything but a pass is no figure. */
function replayAll(path: string): number {
  const main = join(repositoryRoot, 'src/cli/main.ts');
  const args = [main, 'replay', '--all', '--json', '--ledger', path];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
  if (status !== 0 || last.verdict !== 'pass')
    throw new Error(`replay did not pass: ${stderr}${stdout.slice(-500)}`);
  return last.events;
}

if (import.meta.main) for (const row of await benchReplay()) process.stdout.write(`${JSON.stringify(row)}\n`);
