import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/kernel/random.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { contentOf, copyOf, fillOriginal } from './original.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 100 : 8;
const seed = process.env['PAWL_SEED'] ?? 'copy-crash-1';

test(`a copying that is killed ${kills} times at random moments is the original in the end (seed ${seed})`, async () => {
  const [from, to] = [join(temporaryDirectory(), 'from.db'), join(temporaryDirectory(), 'to.db')];
  const source = await openSqliteStore({ path: from, mode: 'write' });
  await fillOriginal(source, 400);
  const content = await contentOf(source);
  const random = seededRandom(seed);
  const sizes: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await copyUntilKilled(from, to, random.int(1, 60));
    const target = await openSqliteStore({ path: to, mode: 'read' });
    const part = await contentOf(target);
    await target.close();
    expect(part.records).toEqual(content.records.slice(0, part.size));
    expect(part.standings.filter((standing) => !content.standings.includes(standing))).toEqual([]);
    sizes.push(part.size);
  }
  expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
  const target = await openSqliteStore({ path: to, mode: 'write' });
  expect(await copyOf(source, target)).toMatchObject({ already: sizes.at(-1), finished: true });
  expect(await contentOf(target)).toEqual(content);
  expect(await verifyLedger(target, { deep: true })).toMatchObject({ ok: true, problems: [] });
  await source.close();
  await target.close();
});

/** Killed at that line, unless the copying was through before. */
async function copyUntilKilled(from: string, to: string, lines: number): Promise<void> {
  const file = fileURLToPath(new URL('./copying-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file, from, to], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child.stdout, 'close');
  const [, signal] = await exited;
  expect(signal === 'SIGKILL' || output.endsWith('done\n'), errors).toBe(true);
}
