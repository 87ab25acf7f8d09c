import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { pythonRequest } from '../sandbox/python/python-request.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { BenchRow } from './bench-row.ts';

interface HumanEvalTask {
  readonly task_id: string;
  readonly prompt: string;
  readonly entry_point: string;
  readonly canonical_solution: string;
  readonly test: string;
}

const LANES = 2;
const RATIO_MIN = 3;
const file = join(repositoryRoot, '..', 'shared', 'data', 'humaneval', 'HumanEval.jsonl');

/** HumanEval's canonical solutions with their tests: fresh-state executions against one bare process per program. */
export async function benchPythonSandbox(): Promise<BenchRow[]> {
  const what = 'fresh-state Python executions, 2 workers ÷ one `python3 -I` per program, 2 at a time';
  const skipped = (why: string): BenchRow[] => [
    { name: what, value: 0, unit: '×', target: `≥ ${RATIO_MIN}`, met: false, detail: `not measured: ${why}` },
  ];
  if (!existsSync(file)) return skipped('no HumanEval.jsonl at ../shared/data/humaneval');
  const tasks = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HumanEvalTask);
  if ((await bareProcess('pass')) !== 0) return skipped('no python3 on this host');

  const sandbox = createWasmSandbox({ workers: LANES, languages: ['python'] });
  try {
    const bootStartMs = performance.now();
    const run = (task: HumanEvalTask) =>
      sandbox.execute(
        pythonRequest({
          program: task.prompt + task.canonical_solution,
          tests: { kind: 'asserts', source: task.test, invoke: `check(${task.entry_point})` },
          limits: { wallMs: 20_000, steps: null },
        }),
      );
    const first = tasks.slice(0, LANES);
    await Promise.all(first.map(run));
    const bootMs = performance.now() - bootStartMs;

    let passed = 0;
    const sandboxPerSecond = await rate(tasks, async (task) => {
      if ((await run(task)).result.outcome === 'passed') passed += 1;
    });
    const coveragePerSecond = await rate(tasks, async (task) => {
      await sandbox.execute(
        pythonRequest({
          program: task.prompt + task.canonical_solution,
          tests: { kind: 'asserts', source: task.test, invoke: `check(${task.entry_point})` },
          limits: { wallMs: 20_000, steps: null },
          coverage: true,
        }),
      );
    });
    let barePassed = 0;
    const barePerSecond = await rate(tasks, async (task) => {
      const script = `${task.prompt}${task.canonical_solution}\n${task.test}\ncheck(${task.entry_point})\n`;
      if ((await bareProcess(script)) === 0) barePassed += 1;
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

/** Items per second with a fixed number at a time. */
async function rate<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<number> {
  const waiting = [...items];
  const startMs = performance.now();
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (1000 * items.length) / (performance.now() - startMs);
}

/** Exit status of an isolated interpreter that runs one script; null when there is none on this host. */
function bareProcess(script: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('python3', ['-I', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
    child.stdin.on('error', () => {}); // it may end before it has read everything
    child.stdin.end(script);
  });
}
