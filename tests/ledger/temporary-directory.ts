import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory on the repository's own disk (not a memory file system), removed when the test ends. */
export function temporaryDirectory(): string {
  const root = resolve('.pawl/tests');
  mkdirSync(root, { recursive: true });
  const directory = mkdtempSync(join(root, 'ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
