import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for all tests of a file or block, on the repository's own disk; removed after them. */
export function sharedDirectory(): string {
  const root = resolve('.pawl/tests');
  mkdirSync(root, { recursive: true });
  const directory = mkdtempSync(join(root, 'e2e-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
