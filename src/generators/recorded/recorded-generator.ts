import { PawlError } from '../../kernel/pawl-error.ts';
import type { Generator } from '../generator.ts';
import { type RecordedProgram, readRecordedFile } from './recorded-file.ts';

/**
 * Serves candidates that were recorded earlier, verbatim: sample n of a task is the n-th program recorded for it, file
 * after file. The dialogue is not looked at; the next program was conditioned on whatever its own episode showed.
 *
 * `generate` rejects with `GENERATOR_UNSUITABLE` when nothing is recorded for the task and with `GENERATOR_EXHAUSTED` when
 * all of it was served.
 *
 * @param paths files as read by `readRecordedFile`, at least one
 * @throws PawlError as `readRecordedFile`; `GENERATOR_UNSUITABLE` when the files hold no program at all
 */
export async function createRecordedGenerator(paths: readonly string[]): Promise<Generator> {
  if (paths.length === 0) throw new PawlError('USAGE', 'Name at least one file: recorded:FILE[,FILE…].');
  const files = await Promise.all(paths.map(readRecordedFile));
  const byTask = new Map<string, RecordedProgram[]>();
  for (const { programs } of files) {
    for (const [task, list] of programs) byTask.set(task, [...(byTask.get(task) ?? []), ...list]);
  }
  const recorded = [...byTask.values()].reduce((sum, list) => sum + list.length, 0);
  if (recorded === 0) {
    throw new PawlError(
      'GENERATOR_UNSUITABLE',
      `${paths.join(', ')} holds no recorded program. Name a file of results, not of tasks.`,
      { context: { files: paths.length } },
    );
  }
  const config = { files: files.map(({ model, digest }) => ({ model, digest })) };
  return {
    ref: { name: 'recorded', version: 1, config },
    generate: async ({ task, sample }, signal) => {
      signal.throwIfAborted();
      const list = byTask.get(task.id);
      if (list === undefined) {
        throw new PawlError('GENERATOR_UNSUITABLE', `No program is recorded for task "${task.id}".`, {
          context: { task: task.id },
        });
      }
      const found = list[sample];
      if (found === undefined) {
        const message = `All ${list.length} recorded programs of task "${task.id}" were served; there is no other.`;
        throw new PawlError('GENERATOR_EXHAUSTED', message, {
          context: { task: task.id, recorded: list.length, sample },
        });
      }
      const note = `recorded program ${found.step} of ${found.steps} by ${found.model}`.slice(0, 500);
      // The recording does not tell prompt from completion; all of it is counted as written.
      return { program: found.program, note, usage: { inputTokens: 0, outputTokens: found.tokens } };
    },
    close: async () => {},
  };
}
