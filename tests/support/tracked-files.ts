import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

let known: readonly string[] | undefined;

/** Paths of the repository's files that match, as git tracks them, relative to its root and sorted. */
export function trackedFiles(pattern: RegExp): readonly string[] {
  known ??= execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(repositoryRoot, path)));
  return known.filter((path) => pattern.test(path));
}
