import { testSandbox } from '../../sandbox/docker/test-settings.ts';
import { barePython } from '../bare-python.ts';
import type { BenchRow } from '../bench-row.ts';
import { canonicalRequest, canonicalScript, humanEvalTasks } from '../human-eval.ts';
import { median } from '../ledger-fixture.ts';
import { rate } from '../rate.ts';

const lanes = 2;
const rounds = 3;
const target = 0.8;

/** HumanEval's canonical solutions at the level `batch` against one bare process per program, in turn. */
export async function benchBatch(): Promise<BenchRow[]> {
  const name =
    'containers, `batch`: HumanEval canonical + tests, 2 workers ÷ one bare `python3 -I` per program, 2 at a time';
  const tasks = humanEvalTasks();
  if (tasks === null) {
    const detail = 'not measured: no HumanEval.jsonl at ../shared/data/humaneval';
    return [{ name, value: 0, unit: '×', target: `≥ ${target}`, met: false, detail }];
  }
  const sandbox = testSandbox('batch', ['python']);
  const perSecond: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  const passed: number[] = [];
  try {
    await Promise.all(tasks.slice(0, lanes).map((task) => sandbox.execute(canonicalRequest(task))));
    for (let round = 0; round < rounds; round += 1) {
      let count = 0;
      perSecond.ours.push(
        await rate(tasks, lanes, async (task) => {
          if ((await sandbox.execute(canonicalRequest(task))).result.outcome === 'passed') count += 1;
        }),
      );
      passed.push(count);
      perSecond.bare.push(
        await rate(tasks, lanes, async (task) => {
          await barePython(canonicalScript(task));
        }),
      );
    }
  } finally {
    await sandbox.close();
  }
  const [ours, bare] = [median(perSecond.ours), median(perSecond.bare)];
  const allPassed = passed.every((count) => count === tasks.length);
  return [
    {
      name,
      value: ours / bare,
      unit: '×',
      target: `≥ ${target}`,
      met: ours / bare >= target && allPassed,
      detail: `${ours.toFixed(1)}/s (${passed.join(', ')} of ${tasks.length} passed) against ${bare.toFixed(1)}/s; medians of ${rounds} rounds in turn`,
    },
  ];
}
