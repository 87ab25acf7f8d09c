import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { barePython } from './bare-python.ts';
import type { BenchRow } from './bench-row.ts';
import { canonicalRequest, canonicalScript, type HumanEvalTask, humanEvalTasks } from './human-eval.ts';
import { rate } from './rate.ts';

const LANES = 2;
const RATIO_MIN = 3;

/** HumanEval's canonical solutions with their tests: fresh-state executions against one bare process per program. */
export async function benchPythonSandbox(): Promise<BenchRow[]> {
  const what = 'fresh-state Python executions, 2 workers ÷ one `python3 -I` per program, 2 at a time';
  const skipped = (why: string): BenchRow[] => [
    { name: what, value: 0, unit: '×', target: `≥ ${RATIO_MIN}`, met: false, detail: `not measured: ${why}` },
  ];
  const tasks = humanEvalTasks();
  if (tasks === null) return skipped('no HumanEval.jsonl at ../shared/data/humaneval');
  if ((await barePython('pass')) !== 0) return skipped('no python3 on this host');

  const sandbox = createWasmSandbox({ workers: LANES, languages: ['python'] });
  try {
    const bootStartMs = performance.now();
    const run = (task: HumanEvalTask) => sandbox.execute(canonicalRequest(task));
    await Promise.all(tasks.slice(0, LANES).map(run));
    const bootMs = performance.now() - bootStartMs;

    let passed = 0;
    const sandboxPerSecond = await rate(tasks, LANES, async (task) => {
      if ((await run(task)).result.outcome === 'passed') passed += 1;
    });
    const coveragePerSecond = await rate(tasks, LANES, async (task) => {
      await sandbox.execute(canonicalRequest(task, true));
    });
    let barePassed = 0;
    const barePerSecond = await rate(tasks, LANES, async (task) => {
      if ((await barePython(canonicalScript(task))) === 0) barePassed += 1;
    });
    const ratio = sandboxPerSecond / barePerSecond;
    return [
      {
        name: what,
        value: ratio,
        unit: '×',
        target: `≥ ${RATIO_MIN}`,
        met: ratio >= RATIO_MIN && passed === tasks.length && barePassed === tasks.length,
        detail:
          `${sandboxPerSecond.toFixed(0)}/s (${passed} of ${tasks.length} passed) against ${barePerSecond.toFixed(0)}/s ` +
          `(${barePassed} passed); with coverage ${coveragePerSecond.toFixed(0)}/s; ${LANES} engines booted in ${bootMs.toFixed(0)} ms`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}
