import { z } from 'zod';
import { defaultLimits } from '../limits.ts';
import { makeSuite } from '../make-suite.ts';
import { pythonPrelude } from '../python-prelude.ts';
import type { Suite } from '../suite.ts';
import { readTasks, type TaskDraft } from './read-tasks.ts';

const rowSchema = z.object({
  task_id: z.string().regex(/^(HumanEval|MBPP)\/\d+$/, 'expected HumanEval/N or MBPP/N'),
  prompt: z.string().min(1),
  entry_point: z.string().min(1),
  canonical_solution: z.string(),
  test: z.string().min(1),
  given_tests: z.array(z.string().min(1)),
});
type RecordedRow = z.infer<typeof rowSchema>;

/**
 * Tasks of recorded refinement runs (LDB, Zhong et al., 2024, arXiv:2402.16906) over HumanEval or MBPP: public tests are
 * the asserts the recorded models were shown, hidden ones the benchmark's.
 *
 * @throws PawlError `SUITE_NOT_FOUND` or `SUITE_INVALID`
 */
export async function readRecorded(path: string): Promise<Suite> {
  const tasks = await readTasks(path, { format: 'recorded', row: rowSchema, toTask });
  const datasets = new Set(tasks.map((task) => task.view.tags['dataset']));
  return makeSuite(`recorded-${[...datasets].join('-')}`, 'recorded', tasks);
}

function toTask(row: RecordedRow): TaskDraft {
  const isHumanEval = row.task_id.startsWith('HumanEval/');
  return {
    view: {
      id: row.task_id,
      language: 'python',
      entryPoint: row.entry_point,
      statement: row.prompt,
      prelude: pythonPrelude,
      givenProgram: null,
      publicTests: {
        kind: 'asserts',
        source: row.given_tests.map((test) => `${test}\n`).join(''),
        invoke: null,
      },
      limits: defaultLimits.python,
      tags: { dataset: isHumanEval ? 'humaneval' : 'mbpp' },
    },
    // An MBPP script calls its own `check` at the end; a HumanEval one only defines it.
    hidden: { kind: 'asserts', source: row.test, invoke: isHumanEval ? `check(${row.entry_point})` : null },
    // HumanEval records the body that continues the prompt, MBPP a whole program.
    reference: isHumanEval ? row.prompt + row.canonical_solution : row.canonical_solution,
  };
}
