import { filePathProblem } from './file-path.ts';

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Files of one tree, files with their directories, and bytes of text. Two trees fit into the smallest work directory. */
export const filesMax = 1_000;
const entriesMax = 1_500;
export const treeBytesMax = 8 * 1024 * 1024;

/**
 * What keeps these files from being one tree, as a sentence; null when nothing does: bad paths, a path twice or both file and
 * directory, too many files, too many bytes.
 */
export function fileTreeProblem(files: readonly TextFile[]): string | null {
  if (files.length > filesMax) return `There are ${files.length} files; at most ${filesMax} are taken.`;
  const names = new Set<string>();
  const directories = new Set<string>();
  let bytes = 0;
  for (const { path, text } of files) {
    const problem = filePathProblem(path);
    if (problem !== null) return `The path ${shown(path)} cannot be used: ${problem}.`;
    if (names.has(path)) return `The path ${shown(path)} is there twice.`;
    names.add(path);
    for (const directory of directoriesOf(path)) directories.add(directory);
    bytes += new TextEncoder().encode(text).length;
    if (bytes > treeBytesMax) return `The files have more than ${treeBytesMax} bytes.`;
    if (names.size + directories.size > entriesMax)
      return `There are more than ${entriesMax} files and directories.`;
  }
  const both = [...names].find((path) => directories.has(path));
  return both === undefined ? null : `The path ${shown(both)} is both a file and a directory.`;
}

/** `a/b/c` lies in `a` and `a/b`. */
export function directoriesOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

const shown = (path: string): string => JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
