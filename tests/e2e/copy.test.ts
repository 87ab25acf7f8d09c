import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { copyOf } from '../ledger/copy/original.ts';
import { eventDraft, realRecords } from '../ledger/event-factory.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
const secret = 'bank';

beforeAll(async () => {
  await pawl(directory, ['init', '--origin', 'ledger.example/copied', '--every', '20']);
  await pawl(directory, smallRun('sequential-feedback'));
  const erased = await pawl(directory, ['erase', '--containing', secret, '--reason', 'it was told', '--yes']);
  expect(erased).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('erased: it was told') });
});

describe('pawl copy', () => {
  test('--check says what would be copied, and writes nothing', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['copy', 'pawl.db', 'new.db', '--check']);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^It can be copied: \d+ records and \d+ blobs of sqlite:pawl\.db, to a new ledger\.\n$/,
      ),
    ]);
    expect(stderr).toBe('Nothing was written. There is no ledger at new.db yet.\n');
    expect(existsSync(join(directory, 'new.db'))).toBe(false);
  });

  test('makes the same ledger in another place: the same commands say the same', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['copy', 'pawl.db', 'copy.db']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Copied \d+ records \(\d+\.\d MiB\) and \d+ blobs \(\d+\.\d MiB\) in \d+\.\d s, \d+ records\/s\.\n\d+ blobs were erased in the original, and are in the copy\.\nsqlite:pawl\.db and sqlite:copy\.db are the same: \d+ records, root [0-9a-f]{64}\.\n$/,
    );
    for (const command of [
      ['runs', '--json'],
      ['replay', '--json'],
      ['show', '--json'],
      ['checkpoint'],
      ['prove', '7', '--record'],
      ['prove', '--consistency', '7'],
      ['erase', '--containing', secret, '--dry-run'],
    ]) {
      const [original, copied] = [
        await pawl(directory, command),
        await pawl(directory, [...command, '--ledger', 'copy.db']),
      ];
      expect(copied.stdout, command.join(' ')).toBe(original.stdout);
      expect(copied.exitCode, command.join(' ')).toBe(original.exitCode);
    }
    expect(jsonLines((await pawl(directory, ['replay', '--json'])).stdout).length).toBeGreaterThan(3);
    expect(await pawl(directory, ['verify', '--ledger', 'copy.db', '--strict'])).toMatchObject({
      exitCode: 0,
    });
    const checked = await pawl(directory, ['copy', 'pawl.db', 'copy.db', '--check', '--json']);
    expect(jsonLines(checked.stdout)).toMatchObject([{ type: 'copy-check', records: 0, blobs: 0 }]);
  });

  test('a checkpoint of either holds for the other', async () => {
    const { stdout } = await pawl(directory, ['checkpoint', '--ledger', 'copy.db']);
    writeFileSync(join(directory, 'kept.checkpoint'), stdout);
    for (const ledger of ['pawl.db', 'copy.db']) {
      const arguments_ = ['verify', '--checkpoint', 'kept.checkpoint', '--ledger', ledger];
      expect(await pawl(directory, arguments_), ledger).toMatchObject({ exitCode: 0 });
    }
  });

  test('goes on with a copy when the original has grown, and refuses one that was written on in', async () => {
    copyFileSync(join(directory, 'pawl.db'), join(directory, 'grown.db'));
    await pawl(directory, [...smallRun('best-of-n'), '--ledger', 'grown.db']);
    const grown = await pawl(directory, ['copy', 'grown.db', 'copy.db', '--json']);
    expect(grown.stderr).toMatch(/^The first \d+ of \d+ records are there; going on behind them\.\n$/);
    expect(jsonLines(grown.stdout)).toMatchObject([{ type: 'copy', finished: true, grownBy: 0 }]);
    expect(await pawl(directory, ['verify', '--ledger', 'copy.db'])).toMatchObject({ exitCode: 0 });

    const back = await pawl(directory, ['copy', 'pawl.db', 'copy.db']);
    expect([back.exitCode, back.stderr]).toEqual([
      2,
      expect.stringMatching(/^LEDGER_NOT_EMPTY: .* holds \d+ records, more than/),
    ]);
  });

  test('refuses what cannot be meant', async () => {
    const same = await pawl(directory, ['copy', 'pawl.db', 'sqlite:./pawl.db']);
    expect([same.exitCode, same.stderr]).toEqual([
      2,
      expect.stringMatching(/^USAGE: Both addresses are of one ledger/),
    ]);
    const none = await pawl(directory, ['copy', 'none.db', 'other.db']);
    expect([none.exitCode, none.stderr]).toEqual([
      1,
      expect.stringMatching(/^LEDGER_NOT_FOUND: sqlite:none\.db/),
    ]);
    expect(readdirSync(directory).filter((name) => name.startsWith('other'))).toEqual([]);
  });
});

test('Ctrl-C leaves a copy that the same command goes on with', async () => {
  const source = openMemoryStore();
  for (let number = 0; number < 60_000; number += 1) {
    const stream = `test-turns${number % 7}` as StreamName;
    const revision = Math.floor(number / 7);
    const records = realRecords(stream, revision, [eventDraft(number)]);
    await source.append({ stream, expectedRevision: revision - 1, records, blobs: [] });
  }
  const [from, to] = [join(directory, 'long.db'), join(directory, 'stopped.db')];
  const whole = await openSqliteStore({ path: from, mode: 'write' });
  await copyOf(source, whole);
  await whole.close();
  const begun = await openSqliteStore({ path: to, mode: 'write' });
  const stop = new AbortController();
  await copyOf(source, begun, { signal: stop.signal, onProgress: () => stop.abort() });
  await begun.close();

  const copying = startPawl(directory, ['copy', 'long.db', 'stopped.db']);
  await copying.said(/going on behind them/);
  copying.child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await copying.ended;
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /Stopping: finishing what is under way\..*\nINTERRUPTED: Stopped: sqlite:stopped\.db holds the first \d+ of 60000 records\. The same command goes on from there\.\n$/,
  );
  const again = await pawl(directory, ['copy', 'long.db', 'stopped.db']);
  expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/are the same: 60000 records/)]);
});
