import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { eventDraft, realRecords } from './event-factory.ts';
import { writeFormat1 } from './format-1.ts';
import { filesHolding } from './raw-files.ts';
import { blob, collect, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { verifyStore } from './verify-store.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 150 : 8;
const seed = process.env['PAWL_SEED'] ?? 'erase-1';

/** As a process leaves them that ends without a word. */
function copyFiles(path: string): string {
  const copy = join(temporaryDirectory(), 'ledger.db');
  for (const suffix of ['', '-wal'])
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

test(`${kills} kills while erasing: what was acknowledged is gone, the rest is whole or can be finished (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  for (let kill = 0; kill < kills; kill += 1) {
    const path = join(temporaryDirectory(), 'ledger.db');
    const texts = Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: random.pick([6, 60, 900]) }, () => `${index}-${random.int(0, 2 ** 31)}`).join(' '),
    );
    const blobs = texts.map(blob);
    const content = { stream: 'test-a', records: realRecords(stream('a'), 0, [eventDraft(0)]), blobs };
    // Every other file has its free space cleaned on the way.
    if (kill % 2 === 0) writeFormat1(path, content);
    else {
      const store = await openSqliteStore({ path, mode: 'write' });
      await store.append({ stream: stream('a'), expectedRevision: -1, records: content.records, blobs });
      await store.close();
    }
    const acknowledged = new Set(await eraseUntilKilled(path, random.int(0, 8)));
    for (const { digest, bytes } of blobs)
      if (acknowledged.has(digest)) expect(filesHolding(path, bytes)).toEqual([]);
    const store = await openSqliteStore({ path, mode: 'write' });
    for (const { digest, bytes } of blobs) {
      const { kind } = await store.blobStanding(digest);
      if (acknowledged.has(digest)) expect(kind).toBe('erased');
      else if (kind === 'stored') expect(Buffer.compare(await store.getBlob(digest), bytes)).toBe(0);
      else {
        expect(kind).toBe('erased');
        await store.eraseBlob(digest);
        expect(filesHolding(path, bytes)).toEqual([]);
      }
    }
    expect(await verifyStore(store)).toEqual([1, []]);
    await store.close();
  }
}, 600_000);

test('a crash between the mark and the log leaves an erasure that its repetition finishes', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const secret = blob(`a secret that was on its way out ${'when the lights went off '.repeat(3)}`);
  const store = await openSqliteStore({ path, mode: 'write', readersWaitMs: 20 });
  onTestFinished(() => store.close());
  await store.putBlobs([secret]);
  const shell = new DatabaseSync(path, { readOnly: true });
  shell.exec('BEGIN');
  shell.prepare('SELECT count(*) FROM blobs').get();
  await expect(store.eraseBlob(secret.digest)).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
  const copy = copyFiles(path);
  shell.close();
  expect(filesHolding(copy, secret.bytes)).toEqual(['ledger.db-wal']);
  const again = await openSqliteStore({ path: copy, mode: 'write' });
  expect(await again.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: secret.bytes.length });
  await again.eraseBlob(secret.digest);
  expect(filesHolding(copy, secret.bytes)).toEqual([]);
  await again.close();
});

test('a crash while a file is upgraded leaves one of the two formats, whole', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const records = realRecords(stream('a'), 0, [eventDraft(0), eventDraft(1)]);
  writeFormat1(path, { stream: 'test-a', records, blobs: [blob('kept')] });
  const store = await openSqliteStore({ path, mode: 'write' });
  onTestFinished(() => store.close());
  // The upgrade stands in the log; without it the file is what it was.
  const [upgraded, without] = [copyFiles(path), join(temporaryDirectory(), 'ledger.db')];
  copyFileSync(path, without);
  for (const file of [without, upgraded]) {
    const reader = await openSqliteStore({ path: file, mode: 'read' });
    expect(await verifyStore(reader)).toEqual([2, []]);
    await reader.close();
    const writer = await openSqliteStore({ path: file, mode: 'write' });
    await writer.eraseBlob(blob('kept').digest);
    expect(await collect(writer.blobDigests())).toEqual([]);
    await writer.close();
  }
});

/** Digests that the process printed before it was killed, without a last one that is cut off. */
async function eraseUntilKilled(path: string, linesBeforeKill: number): Promise<string[]> {
  const script = fileURLToPath(new URL('./erasing-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > linesBeforeKill) child.kill('SIGKILL');
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'close');
  await exited;
  return output.split('\n').slice(1, -1);
}
