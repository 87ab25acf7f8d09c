import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tarArchive } from '../../../../sandbox/docker/command/tar-archive.ts';
import { filePathProblem } from '../../../../src/events/file-path.ts';
import { fileTreeProblem, type TextFile } from '../../../../src/events/file-tree.ts';

const propertySeed = 20_261_121;
const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const path = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('/'))
  .filter((text) => filePathProblem(text) === null);
const tree = fc
  .uniqueArray(fc.record({ path, text: fc.string({ unit: 'grapheme', maxLength: 2_000 }) }), {
    maxLength: 8,
    selector: (file) => file.path,
  })
  .filter((files) => fileTreeProblem(files) === null);

async function unpacked(files: readonly TextFile[]): Promise<readonly TextFile[]> {
  const directory = await mkdtemp(join(tmpdir(), 'pawl-tar-'));
  try {
    execFileSync('tar', ['-x', '-o', '-f', '-'], { cwd: directory, input: tarArchive(files) });
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const found = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return await Promise.all(
      found.map(async (file) => ({
        path: file.slice(directory.length + 1),
        text: await readFile(file, 'utf8'),
      })),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}

const sorted = (files: readonly TextFile[]) =>
  files.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));

test(`every tree that is allowed comes out of tar as it went in (seed ${propertySeed})`, async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (files) => {
      expect(sorted(await unpacked(files))).toEqual(sorted(files));
    }),
    { seed: propertySeed, numRuns: 40 },
  );
});

test('the longest paths are cut where the format allows', async () => {
  const long = (...lengths: number[]): string => lengths.map((length) => 'x'.repeat(length)).join('/');
  const files = [long(49, 100), long(100, 49), long(1, 100, 47), long(74, 75), 'y'.repeat(100)].map(
    (name) => ({
      path: name,
      text: name,
    }),
  );
  expect(files.map((file) => filePathProblem(file.path))).toEqual([null, null, null, null, null]);
  expect(sorted(await unpacked(files))).toEqual(sorted(files));
});
