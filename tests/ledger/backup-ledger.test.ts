import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { backupLedger } from '../../src/ledger/backup-ledger.ts';
import { eraseBlob } from '../../src/ledger/erase-blob.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { toyLedger } from '../support/toy-run.ts';
import { filledLedger, runUntilKilled } from './backing-up.ts';
import { eventDraft, executionDraft, realRecords } from './event-factory.ts';
import { filesHolding } from './raw-files.ts';
import { blob, collect, stream } from './record-factory.ts';
import { AppendingProcess } from './run-appending-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const quietly = (): void => undefined;

describe('a backup', () => {
  test('of a ledger that two processes write is a whole ledger as it was at one moment', async () => {
    const directory = temporaryDirectory();
    const [path, target] = [join(directory, 'ledger.db'), join(directory, 'backups', 'copy.db')];
    const writers = [1, 2].map((number) => new AppendingProcess(path, number, quietly));
    onTestFinished(() => Promise.all(writers.map((writer) => writer.kill())).then(quietly));
    await Promise.all(writers.map((writer) => writer.start('backup')));
    await Promise.all(writers.map((writer) => writer.linesMore(300)));
    const before = writers.map(({ lines }) => lines);
    const steps: string[] = [];
    const { head, bytes } = await backupLedger(path, target, ({ pages, of }) => steps.push(`${pages}/${of}`));
    await Promise.all(
      writers.map((writer, index) => writer.linesMore(writer.lines === before[index] ? 1 : 0)),
    );
    await Promise.all(writers.map((writer) => writer.kill()));

    expect(readdirSync(join(directory, 'backups'))).toEqual(['copy.db']);
    expect(statSync(target)).toMatchObject({ size: bytes, mode: statSync(path).mode });
    expect(steps.at(-1)).toBe(`${bytes / 4096}/${bytes / 4096}`);
    const copy = await openSqliteStore({ path: target, mode: 'read' });
    const original = await openSqliteStore({ path, mode: 'read' });
    onTestFinished(() => Promise.all([copy.close(), original.close()]).then(quietly));
    const copied = await collect(copy.readAll());
    expect(copied.length).toBe(head.size);
    expect(head.size).toBeGreaterThan(600);
    const tree = new TreeFrontier();
    for await (const record of original.readAll()) {
      if (record.position === head.size) break;
      expect(copied[record.position]).toEqual(record);
      tree.append(leafHash(record.bytes));
    }
    expect(Buffer.from(tree.root())).toEqual(Buffer.from(head.root));
    expect((await original.head()).size).toBeGreaterThan(head.size);
  }, 60_000);

  test('holds nothing of what was erased before it, and is itself written on like any ledger', async () => {
    const directory = temporaryDirectory();
    const [path, target] = [join(directory, 'ledger.db'), join(directory, 'copy.db')];
    await filledLedger(path, 300);
    const store = await openSqliteStore({ path, mode: 'write' });
    onTestFinished(() => store.close());
    const secret = blob(`a secret: ${'swordfish and a half, '.repeat(400)}`);
    const records = realRecords(stream('a'), 0, [
      executionDraft(9000, { digest: secret.digest, bytes: secret.bytes.length }),
    ]);
    await store.append({ stream: stream('a'), expectedRevision: -1, records, blobs: [secret] });
    const writer = { actor: 'test', correlation: 'test' };
    await eraseBlob(toyLedger(store, 'eraser'), secret.digest, 'it was a secret', writer);
    await backupLedger(path, target, quietly);
    expect(filesHolding(target, secret.bytes)).toEqual([]);
    const copy = await openSqliteStore({ path: target, mode: 'write' });
    onTestFinished(() => copy.close());
    expect(await copy.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: secret.bytes.length });
    const next = realRecords(stream('a'), 1, [eventDraft(9001)]);
    await copy.append({ stream: stream('a'), expectedRevision: 0, records: next, blobs: [secret] });
    expect((await store.head()).size + 1).toBe((await copy.head()).size);
  });

  test('is never put over a file, nor made of what is no whole ledger', async () => {
    const directory = temporaryDirectory();
    const [path, target] = [join(directory, 'ledger.db'), join(directory, 'copy.db')];
    await expect(backupLedger(path, target, quietly)).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
    await filledLedger(path, 100);
    writeFileSync(target, 'mine');
    await expect(backupLedger(path, target, quietly)).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: `${target} is there already; name another file, or remove it.`,
    });
    expect(readFileSync(target, 'utf8')).toBe('mine');
    const db = new DatabaseSync(path);
    db.exec("UPDATE records SET bytes = x'7b7d' WHERE position = 50");
    db.close();
    const names = readdirSync(directory);
    await expect(backupLedger(path, join(directory, 'other.db'), quietly)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/^The copy of .* does not verify \(.+\), so nothing was put in place\./),
    });
    expect(readdirSync(directory)).toEqual(names);
  });

  test('that is killed leaves nothing of its name, and the next one removes the rest', async () => {
    const directory = temporaryDirectory();
    const [path, target] = [join(directory, 'ledger.db'), join(directory, 'backups', 'copy.db')];
    await filledLedger(path, 8000);
    await runUntilKilled(['backup', path, target], 1);
    const left = readdirSync(join(directory, 'backups'));
    expect(left.filter((name) => !name.startsWith('.writing-'))).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
    await backupLedger(path, target, quietly);
    expect(readdirSync(join(directory, 'backups'))).toEqual(['copy.db']);
  }, 60_000);
});
