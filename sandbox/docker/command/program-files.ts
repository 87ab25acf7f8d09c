import type { CommandsSpec } from '../../../src/events/commands-spec.ts';
import { directoriesOf, fileTreeProblem, type TextFile } from '../../../src/events/file-tree.ts';

export type ProgramFiles =
  | { readonly files: readonly TextFile[]; readonly problem: null }
  /** Why the candidate's text is no program, as a sentence. */
  | { readonly files: null; readonly problem: string };

/**
 * The files that a candidate's text stands for, without those that are in the way of the task's own: a candidate that brings
 * a whole repository brings tests with it, and the task's are the ones that count.
 */
export function programFiles(spec: CommandsSpec, program: string): ProgramFiles {
  const read = readFiles(spec, program);
  if (typeof read === 'string') return { files: null, problem: read };
  const problem = fileTreeProblem(read);
  if (problem !== null) return { files: null, problem };
  const taken = new Set(spec.files.map(({ path }) => path));
  const directories = new Set(spec.files.flatMap(({ path }) => directoriesOf(path)));
  const files = read.filter(
    ({ path }) =>
      !taken.has(path) &&
      !directories.has(path) &&
      !directoriesOf(path).some((directory) => taken.has(directory)),
  );
  return { files, problem: null };
}

function readFiles(spec: CommandsSpec, text: string): readonly TextFile[] | string {
  if (spec.program.form === 'file') return [{ path: spec.program.path, text }];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'The program is not JSON. It must be an object: for each file, its path and its text.';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'The program is JSON, but no object of paths and texts.';
  }
  const files: TextFile[] = [];
  for (const [path, content] of Object.entries(value)) {
    if (typeof content !== 'string') return `The text of ${JSON.stringify(path.slice(0, 80))} is no string.`;
    files.push({ path, text: content });
  }
  return files.length === 0 ? 'The program has no file.' : files;
}
