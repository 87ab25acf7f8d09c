import { z } from 'zod';
import { countSchema } from '../../events/shapes.ts';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

/** A row holds at most so many programs; the published ones hold 11. */
const programsMax = 1000;

/** A lone surrogate could be neither hashed nor stored. */
const text = z.string().refine((value) => value.isWellFormed(), 'half a surrogate pair, which is no text');

const rowSchema = z
  .object({
    task_id: text.min(1).max(200),
    entry_point: text.optional(),
    /** The public tests of the task, as the tool had them. */
    given_tests: z.array(text).optional(),
    /** Those of them that the tool executed; some rows of MBPP have none. */
    generated_test: z.array(text).optional(),
    /** Every program that was executed, in order; the first is the model's first answer made runnable. */
    implementations: z.array(text).max(programsMax),
    /** For each program the tests it failed, with what came instead; nothing where it passed. */
    test_feedback: z.array(z.array(text)),
    /** The program the episode ended with; empty when it ended with none. */
    solution: text,
    /** Whether it passed the public tests, and the hidden ones. */
    is_passing: z.boolean(),
    is_solved: z.boolean(),
    /** Tokens of the whole episode. */
    token_nums: countSchema.optional(),
  })
  .superRefine(({ implementations, test_feedback, solution, is_passing, is_solved }, context) => {
    const problem = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if (test_feedback.length !== implementations.length) {
      problem(
        'test_feedback',
        `Feedback on ${test_feedback.length} programs, but there are ${implementations.length} implementations`,
      );
    }
    if (solution !== '') return;
    if (is_passing) problem('is_passing', 'True although there is no solution');
    if (is_solved) problem('is_solved', 'True although there is no solution');
  });

export type RecordedRunRow = z.infer<typeof rowSchema>;

/** @throws PawlError `IMPORT_INVALID` naming the member */
export function parseRecordedRunRow(line: string): RecordedRunRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(`not JSON (${messageOf(cause)}). Each line must be one JSON object.`, cause);
  }
  const row = rowSchema.safeParse(value);
  if (row.success) return row.data;
  const [issue] = row.error.issues;
  const place = issue?.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}${path && '.'}${String(key)}`),
    '',
  );
  const what = `${issue?.message.charAt(0).toLowerCase()}${issue?.message.slice(1)}`;
  throw invalid(place ? `"${place}": ${what}.` : `${what}.`, row.error);
}

function invalid(message: string, cause: unknown): PawlError {
  return new PawlError('IMPORT_INVALID', message, { cause });
}
