import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNewFile } from '../../src/cli/write-new-file.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';

test('a result goes to a new file, and never over one that is there', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'result');
  await writeNewFile(path, 'text');
  expect(readFileSync(path, 'utf8')).toBe('text');
  writeFileSync(path, 'mine');
  await expect(writeNewFile(path, 'text')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  await expect(writeNewFile(directory, 'text')).rejects.toMatchObject({
    code: 'OUTPUT_EXISTS',
    message: `${directory} is a directory; name a file in it, or another one.`,
  });
  await expect(writeNewFile(join(directory, 'no/where'), 'text')).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
  });
});
