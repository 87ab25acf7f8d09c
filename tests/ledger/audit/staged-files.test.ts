import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StagedFiles } from '../../../src/ledger/audit/staged-files.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { filesBelow } from './file-tree.ts';

/** The number of a process that cannot be: Linux gives none beyond 2^22. */
const nobody = 2 ** 22 + 1;

test('a file appears under its name whole, and in the place of another', async () => {
  const directory = join(temporaryDirectory(), 'made');
  const files = await StagedFiles.open(directory);
  await files.put('a/b/c', 'one');
  await files.put('d', Buffer.from('two'));
  await files.put('d', 'three');
  await files.sync();
  await files.close();
  expect(filesBelow(directory)).toEqual(['a/b/c', 'd']);
  expect(readFileSync(join(directory, 'd'), 'utf8')).toBe('three');
});

test('a full disk leaves no half of a file, and the next one fits', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const directory = temporaryDirectory();
  const files = await StagedFiles.open(directory);
  const [staging = ''] = readdirSync(directory);
  // Whatever is written through it meets a device without room.
  symlinkSync('/dev/full', join(directory, staging, '1'));
  await expect(files.put('tile', 'content')).rejects.toMatchObject({
    code: 'STORAGE_FULL',
    context: { path: join(directory, 'tile') },
  });
  expect(existsSync(join(directory, 'tile'))).toBe(false);
  await files.put('tile', 'content');
  await files.close();
  expect(filesBelow(directory)).toEqual(['tile']);
});

test('what a process left behind is removed; what one is writing is not', async () => {
  const directory = temporaryDirectory();
  for (const pid of [nobody, process.pid]) {
    mkdirSync(join(directory, `.writing-${pid}-abc`));
    writeFileSync(join(directory, `.writing-${pid}-abc`, '7'), 'half');
  }
  mkdirSync(join(directory, '.writing-by-hand'));
  const files = await StagedFiles.open(directory);
  await files.close();
  expect(readdirSync(directory).sort()).toEqual([`.writing-${process.pid}-abc`, '.writing-by-hand'].sort());
});

test('a place where nothing can be written is told', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'file'), '');
  await expect(StagedFiles.open(join(directory, 'file'))).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  const files = await StagedFiles.open(directory);
  await expect(files.put('file/below', 'content')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  await files.close();
});
