import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/kernel/random.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { contentOf, copyOf, original } from './original.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 40 : 6;
const rounds = kills * 500;
const seed = process.env['PAWL_SEED'] ?? 'copy-crash-1';

test(`a copying that is killed ${kills} times at random moments is the original in the end (seed ${seed})`, async () => {
  const [from, to] = [join(temporaryDirectory(), 'from.db'), join(temporaryDirectory(), 'to.db')];
  const source = await openSqliteStore({ path: from, mode: 'write' });
  await copyOf(await original(rounds), source);
  const content = await contentOf(source);
  const random = seededRandom(seed);
  const sizes: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await copyUntilKilled(from, to, random.int(1, 300));
    const target = await openSqliteStore({ path: to, mode: 'read' });
    const part = await contentOf(target);
    await target.close();
    expect(part.records).toEqual(content.records.slice(0, part.size));
    expect(part.standings.filter((standing) => !content.standings.includes(standing))).toEqual([]);
    sizes.push(part.size);
  }
  expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
  expect(new Set(sizes).size, `cut off at ${sizes}`).toBeGreaterThan(2);
  const target = await openSqliteStore({ path: to, mode: 'write' });
  expect(await copyOf(source, target)).toMatchObject({ already: sizes.at(-1), finished: true });
  expect(await contentOf(target)).toEqual(content);
  expect(await verifyLedger(target, { deep: true })).toMatchObject({ ok: true, problems: [] });
  await source.close();
  await target.close();
});

/** The writer thread may have been so far ahead that there is nothing left to be killed at. */
async function copyUntilKilled(from: string, to: string, killAt: number): Promise<void> {
  const file = fileURLToPath(new URL('./copying-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file, from, to, String(killAt)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [, signal] = await once(child, 'close');
  expect([signal, errors]).toEqual([expect.toBeOneOf(['SIGKILL', null]), '']);
}
