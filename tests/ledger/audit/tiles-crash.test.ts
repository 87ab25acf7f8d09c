import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/kernel/random.ts';
import { firstDifference } from '../../../src/ledger/audit/first-difference.ts';
import { openTiles } from '../../../src/ledger/audit/tiles-tree.ts';
import { TilesWriter } from '../../../src/ledger/audit/tiles-writer.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { signedAt, toyKey, toyStore } from './toy-log.ts';

const last = 6000;
const verifierKeys = [toyKey.verifierKey];
const long = process.env['PAWL_LONG'] === '1';

/** Lets a process publish from a size on, kills it after so many lines and a moment, and gives the last size it told. */
async function publishUntilKilled(
  directory: string,
  from: number,
  lines: number,
  spins: number,
): Promise<number> {
  const program = join(import.meta.dirname, 'publishing-process.ts');
  const args = [program, directory, String(from), String(last), '61'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let told = 0;
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const size = /^published (\d+)$/.exec(line)?.[1];
    if (size !== undefined) told = Number(size);
    count += 1;
    if (count < lines) continue;
    for (let spin = 0; spin < spins; spin += 1) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    break;
  }
  await closed;
  return told;
}

test('a publisher killed anywhere leaves a directory that is whole, and the next one goes on from it', {
  timeout: 60_000,
}, async () => {
  const seed = process.env['PAWL_SEED'] ?? String(Date.now());
  const random = seededRandom(`tiles ${seed}`);
  const store = await toyStore(last);
  const directory = temporaryDirectory();
  let size = 0;
  for (let kill = 0; kill < (long ? 100 : 6); kill += 1) {
    const told = await publishUntilKilled(directory, size + 1, random.int(2, 40), random.int(0, 200));
    if (told === 0 && size === 0 && !readdirSync(directory).includes('checkpoint')) continue;
    const report = await firstDifference(store, directory, verifierKeys);
    expect(report.difference, `seed ${seed}, kill ${kill}`).toBeNull();
    // What was told as published is; one more may have been, whose telling was killed.
    expect(report.size, `seed ${seed}, kill ${kill}`).toBeGreaterThanOrEqual(Math.max(size, told));
    size = report.size;
    if (size > last - 200) break;
  }
  const writer = await TilesWriter.open(store, directory);
  await writer.update({ signed: await signedAt(store, last), verifierKeys, sizes: [] });
  expect((await openTiles(directory, verifierKeys)).published.checkpoint.size).toBe(last);
  expect(await firstDifference(store, directory, verifierKeys)).toEqual({ size: last, difference: null });
  expect(readdirSync(directory).sort(), 'nothing half-written is left').toEqual(['checkpoint', 'tile']);
});
