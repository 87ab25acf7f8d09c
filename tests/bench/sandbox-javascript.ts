import { availableParallelism } from 'node:os';
import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { executionRequest } from '../../src/loop/execution-input.ts';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import type { BenchRow } from './bench-row.ts';

const workers = 2;
const rounds = 5;
const perSecondMin = 600;

/**
 * Fresh-state executions as the loop makes them: every reference of the starter suite against its public tests with coverage,
 * and against its hidden tests without; two workers, all queued at once.
 */
export async function benchJavascriptSandbox(): Promise<BenchRow[]> {
  const { tasks } = await loadStarterSuite();
  const requests = tasks.flatMap(({ view, hidden, reference }): ExecutionRequest[] => {
    const program = reference ?? '';
    return [
      executionRequest(view, program, view.publicTests, true),
      executionRequest(view, program, openForGrading(hidden), false),
    ];
  });
  const sandbox = createWasmSandbox({ workers, languages: ['javascript'] });
  const runAll = async (): Promise<number> => {
    const startedMs = performance.now();
    const done = await Promise.all(requests.map((request) => sandbox.execute(request)));
    const failed = done.find(({ result }) => result.outcome !== 'passed');
    if (failed !== undefined) throw new Error(`A reference did not pass: ${JSON.stringify(failed.result)}`);
    return performance.now() - startedMs;
  };
  try {
    await runAll();
    let elapsedMs = 0;
    for (let round = 0; round < rounds; round += 1) elapsedMs += await runAll();
    const perSecond = ((rounds * requests.length) / elapsedMs) * 1000;
    return [
      {
        name: 'fresh-state JavaScript executions on the starter suite, 2 workers',
        value: Math.round(perSecond),
        unit: 'executions/s',
        target: `≥ ${perSecondMin}`,
        met: perSecond >= perSecondMin,
        detail: `${rounds} rounds of ${requests.length} executions after one to warm up: each of ${tasks.length} references against its public tests with coverage and its hidden tests without; ${availableParallelism()} cores`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}
