import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a directory by its path, sorted. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** What tells whether a file is still the same one: its inode, its times and its bytes. */
export function identities(directory: string): Map<string, string> {
  return new Map(
    filesBelow(directory).map((path) => {
      const { ino, mtimeMs } = statSync(join(directory, path));
      return [path, `${ino} ${mtimeMs} ${readFileSync(join(directory, path)).toString('base64')}`];
    }),
  );
}
