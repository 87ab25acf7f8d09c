import { z } from 'zod';
import { defaultLimits } from '../limits.ts';
import { makeSuite } from '../make-suite.ts';
import type { Suite } from '../suite.ts';
import { readTasks, type TaskDraft } from './read-tasks.ts';

const rowSchema = z.object({
  task_id: z.string().min(1),
  declaration: z.string().min(1),
  canonical_solution: z.string(),
  buggy_solution: z.string(),
  bug_type: z.string(),
  failure_symptoms: z.string(),
  entry_point: z.string().min(1),
  test: z.string().min(1),
  example_test: z.string(),
  instruction: z.string(),
});
type HumanEvalPackRow = z.infer<typeof rowSchema>;

/**
 * HumanEvalPack, JavaScript (Muennighoff et al., 2023, arXiv:2308.07124): repair a program with one bug. The declaration
 * holds any helpers the entry function needs, so declaration and body together are whole programs.
 *
 * @throws PawlError `SUITE_NOT_FOUND` or `SUITE_INVALID`
 */
export async function readHumanEvalPack(path: string): Promise<Suite> {
  const tasks = await readTasks(path, { format: 'humanevalpack', row: rowSchema, toTask });
  return makeSuite('humanevalpack-js', 'humanevalpack', tasks);
}

function toTask(row: HumanEvalPackRow): TaskDraft | string {
  if (!row.task_id.startsWith('JavaScript/')) {
    return `the task "${row.task_id}" is not a JavaScript one. Use the JavaScript file of HumanEvalPack.`;
  }
  return {
    view: {
      id: row.task_id,
      language: 'javascript',
      entryPoint: row.entry_point,
      statement: row.instruction,
      prelude: '',
      givenProgram: row.declaration + row.buggy_solution,
      publicTests: { kind: 'asserts', source: exampleTest(row.example_test), invoke: null },
      limits: defaultLimits.javascript,
      tags: { bugType: row.bug_type, failureSymptoms: row.failure_symptoms },
    },
    hidden: { kind: 'asserts', source: row.test, invoke: null },
    reference: row.declaration + row.canonical_solution,
  };
}

/** Where there is no example the file holds an empty string literal as the script. */
function exampleTest(source: string): string {
  const script = source.trim();
  return script === "''" || script === '""' ? '' : source;
}
