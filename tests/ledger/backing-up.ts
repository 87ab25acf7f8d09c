import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { executionDraft, realRecords } from './event-factory.ts';
import { blob, stream } from './record-factory.ts';

/** A ledger of this many records, each with a blob of a kilobyte and a half that does not compress. */
export async function filledLedger(path: string, records: number): Promise<void> {
  const random = seededRandom('backup');
  const store = await openSqliteStore({ path, mode: 'write' });
  const name = stream('filled');
  for (let first = 0; first < records; first += 100) {
    const blobs = Array.from({ length: Math.min(100, records - first) }, () =>
      blob(Array.from({ length: 200 }, () => random.int(0, 2 ** 31).toString(36)).join('')),
    );
    const drafts = blobs.map(({ digest, bytes }, at) =>
      executionDraft(first + at, { digest, bytes: bytes.length }),
    );
    const recordsOf = realRecords(name, first, drafts);
    await store.append({ stream: name, expectedRevision: first - 1, records: recordsOf, blobs });
  }
  await store.close();
}

/** Runs `backing-up-process.ts` until it has printed so many lines. */
export async function runUntilKilled(args: readonly string[], lines: number): Promise<void> {
  const script = fileURLToPath(new URL('./backing-up-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  expect(signal, output).toBe('SIGKILL');
}
