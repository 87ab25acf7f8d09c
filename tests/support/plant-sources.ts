import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** Source files by path. */
export type Planting = Readonly<Record<string, string>>;

/**
 * A small repository in a temporary directory, with this one's package.json and installed packages, so that tools can be
 * shown code that must never exist here. Removed when disposed.
 */
export function plantSources(files: Planting): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'pawl-planted-'));
  cpSync(join(repositoryRoot, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
