import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import { items, run } from './contract/work/queue-items.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const long = process.env['PAWL_LONG'] === '1';
const count = long ? 3000 : 300;
const killsMax = long ? 150 : 15;
const seed = process.env['PAWL_SEED'] ?? 'queue-1';
const leaseMs = 1000;
const attemptsMax = 10;

test(
  `three processes finish all of ${count} items, whichever of them are killed (seed ${seed})`,
  async () => {
    const ledgerPath = join(temporaryDirectory(), 'ledger.db');
    writeFileSync(ledgerPath, '');
    const queue = new SqliteWorkQueue(
      { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 },
      systemClock,
    );
    onTestFinished(() => queue.close());
    const numbers = Array.from({ length: count }, (_, number) => number);
    await queue.offer(run, items(...numbers), { leaseMs, attemptsMax });

    const random = seededRandom(seed);
    const lines: string[] = [];
    let condemned = 0;
    let kills = 0;
    let started = 0;
    const crew = async (): Promise<void> => {
      for (let over = false; !over; ) {
        started += 1;
        const name = `01J8XK3QZV${started.toString().padStart(16, '0')}`;
        const killed = await work(ledgerPath, name, lines, () => {
          if (condemned >= killsMax) return null;
          condemned += 1;
          return random.int(1, 40);
        });
        if (killed) kills += 1;
        over = !killed;
      }
    };
    await Promise.all([crew(), crew(), crew()]);

    const standings = (await queue.items(run)).map(({ standing }) => standing.kind);
    expect(standings).toEqual(numbers.map(() => 'finished'));
    const took = lines.filter((line) => line.startsWith('took '));
    expect(new Set(took).size).toBe(took.length);
    const attempts = took.map((line) => Number(line.split(' ')[2]));
    expect(Math.max(...attempts)).toBeLessThanOrEqual(attemptsMax);
    const finished = lines.filter((line) => line.startsWith('finished ')).map((line) => line.split(' ')[1]);
    expect(new Set(finished).size).toBe(finished.length);
    // What was finished by a process that did not live to say so is missing here, and only that.
    expect(finished.length).toBeGreaterThanOrEqual(count - kills);
    expect(kills).toBeGreaterThan(killsMax / 3);
  },
  long ? 600_000 : 90_000,
);

/** @returns whether the process was killed, which it is when it has written so many lines (null: never) */
async function work(
  ledgerPath: string,
  worker: string,
  lines: string[],
  linesUntilKill: () => number | null,
): Promise<boolean> {
  const script = fileURLToPath(new URL('./queue-working-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ledgerPath, worker, `${leaseMs}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const limit = linesUntilKill();
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (limit !== null && output.split('\n').length > limit) child.kill('SIGKILL');
  });
  await once(child.stdout, 'close');
  const [code, signal] = await exited;
  expect(signal ?? code, errors).toBe(signal === null ? 0 : 'SIGKILL');
  lines.push(...output.split('\n').slice(0, -1));
  return signal !== null;
}
