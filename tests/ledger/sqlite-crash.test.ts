import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { collect } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 200 : 20;
const seed = process.env['PAWL_SEED'] ?? 'crash-1';

test(
  `${kills} kills at random moments lose nothing acknowledged and double nothing (seed ${seed})`,
  async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const random = seededRandom(seed);
    const acknowledged = new Map<string, number>();
    for (let kill = 0; kill < kills; kill += 1) {
      const linesBeforeKill = random.int(0, 400);
      for (const line of await appendUntilKilled(path, `${seed}-${kill}`, linesBeforeKill)) {
        const [stream, revision, position] = line.split(' ') as [string, string, string];
        const place = `${stream}/${revision}`;
        expect(acknowledged.has(place), place).toBe(false);
        acknowledged.set(place, Number(position));
      }
      const store = await openSqliteStore({ path, mode: kill % 2 === 0 ? 'write' : 'read' });
      if (kill % 5 === 4 || kill === kills - 1) {
        expect(await verifyLedger(store, { deep: true })).toMatchObject({ ok: true, problems: [] });
      }
      const records = await collect(store.readAll());
      const stored = new Map(
        records.map((record) => [`${record.stream}/${record.revision}`, record.position]),
      );
      for (const [place, position] of acknowledged) expect(stored.get(place), place).toBe(position);
      expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
      expect(records.length).toBe((await store.head()).size);
      await store.close();
    }
    expect(acknowledged.size).toBeGreaterThan(kills * 20);
  },
  long ? 900_000 : 180_000,
);

/** Lines that the process printed before it was killed, without a last one that is cut off. */
async function appendUntilKilled(
  path: string,
  childSeed: string,
  linesBeforeKill: number,
): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./appending-process.ts', import.meta.url)), path, childSeed],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = once(child, 'exit');
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > linesBeforeKill) child.kill('SIGKILL');
  });
  await once(child.stdout, 'close');
  const [, signal] = await exited;
  expect(signal, errors).toBe('SIGKILL');
  return output.split('\n').slice(1, -1);
}
