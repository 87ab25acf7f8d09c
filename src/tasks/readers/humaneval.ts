import { z } from 'zod';
import { defaultLimits } from '../limits.ts';
import { makeSuite } from '../make-suite.ts';
import { pythonPrelude } from '../python-prelude.ts';
import type { Suite } from '../suite.ts';
import { doctestCases } from './doctest-cases.ts';
import { readTasks, type TaskDraft } from './read-tasks.ts';

const rowSchema = z.object({
  task_id: z.string().min(1),
  prompt: z.string().min(1),
  entry_point: z.string().min(1),
  canonical_solution: z.string(),
  test: z.string().min(1),
});
type HumanEvalRow = z.infer<typeof rowSchema>;

/** Examples that contradict the task's own tests; as public tests they would reject every correct program. */
const wrongExamples: ReadonlySet<string> = new Set(['median([-10, 4, 6, 1000, 10, 20])']);

/**
 * HumanEval (Chen et al., 2021, arXiv:2107.03374): write a Python function from its signature and docstring. Public tests
 * are the docstring's examples where they are plain; the benchmark's own tests are the hidden ones.
 *
 * @throws PawlError `SUITE_NOT_FOUND` or `SUITE_INVALID`
 */
export async function readHumanEval(path: string): Promise<Suite> {
  return makeSuite(
    'humaneval',
    'humaneval',
    await readTasks(path, { format: 'humaneval', row: rowSchema, toTask }),
  );
}

function toTask(row: HumanEvalRow): TaskDraft | string {
  const definition = row.prompt.indexOf(`def ${row.entry_point}(`);
  if (definition < 0) return `the prompt does not define "${row.entry_point}", which "entry_point" names.`;
  const examples = doctestCases(row.prompt, row.entry_point).filter(({ call }) => !wrongExamples.has(call));
  const helpers = row.prompt.slice(0, definition).trim();
  return {
    view: {
      id: row.task_id,
      language: 'python',
      entryPoint: row.entry_point,
      statement: row.prompt,
      // Four prompts define helpers first, and a candidate may be the function alone.
      prelude: helpers === '' ? pythonPrelude : `${pythonPrelude}${helpers}\n`,
      givenProgram: null,
      publicTests: { kind: 'cases', cases: examples },
      limits: defaultLimits.python,
      tags: {},
    },
    hidden: { kind: 'asserts', source: row.test, invoke: `check(${row.entry_point})` },
    reference: row.prompt + row.canonical_solution,
  };
}
