import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/ledger/audit/checkpoint.ts';
import { verifyConsistencyText } from '../../src/ledger/audit/consistency-text.ts';
import type { SignedCheckpoint } from '../../src/ledger/audit/signed-checkpoints.ts';
import { openTiles } from '../../src/ledger/audit/tiles-tree.ts';
import { parseTlogProof, verifyTlogProof } from '../../src/ledger/audit/tlog-proof.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { appendEvents, registerKey, signNow } from '../ledger/audit/signed-ledger.ts';
import { toyKey, toyOrigin } from '../ledger/audit/toy-log.ts';
import { toyLedger } from '../support/toy-run.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl } from './pawl.ts';

const directory = sharedDirectory();
const { verifierKey } = toyKey;
let first: SignedCheckpoint;
let second: SignedCheckpoint;
let bytesOf17: Uint8Array;

async function writing<Result>(
  name: string,
  work: (ledger: ReturnType<typeof toyLedger>) => Promise<Result>,
): Promise<Result> {
  const store = await openSqliteStore({ path: join(directory, name), mode: 'write' });
  try {
    return await work(toyLedger(store, `evidence ${name} ${(await store.head()).size}`));
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  await writing('pawl.db', async (ledger) => {
    await registerKey(ledger);
    await appendEvents(ledger, 299);
    first = await signNow(ledger);
    await appendEvents(ledger, 399);
    second = await signNow(ledger);
    await appendEvents(ledger, 5);
    for await (const record of ledger.store.readAll(17)) {
      bytesOf17 = record.bytes;
      break;
    }
  });
  await writing('unsigned.db', (ledger) => appendEvents(ledger, 3));
  await writing('keyed.db', (ledger) => registerKey(ledger));
});

describe('pawl checkpoint', () => {
  test('prints the newest signed checkpoint, ready to be kept', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['checkpoint']);
    expect([exitCode, stdout]).toEqual([0, second.note]);
    expect(stderr).toBe(`It is checked with the key ${verifierKey}\n`);
    expect(openCheckpoint(stdout, verifierKey).size).toBe(700);
  });

  test('as JSON, with the key to check it with', async () => {
    const { stdout } = await pawl(directory, ['checkpoint', '--json']);
    const root = Buffer.from(second.checkpoint.root).toString('hex');
    expect(jsonLines(stdout)).toEqual([
      { type: 'checkpoint', origin: toyOrigin, size: 700, root, verifierKey, note: second.note },
    ]);
  });

  test.each([
    ['unsigned.db', 1, /^SIGNING_KEY_NOT_FOUND: This ledger signs no checkpoints/],
    ['keyed.db', 2, /^LEDGER_POSITION: The ledger has no signed checkpoint yet/],
    ['nowhere.db', 1, /^LEDGER_NOT_FOUND: /],
  ])('says what is missing in %s', async (ledger, code, message) => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['checkpoint', '--ledger', ledger]);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toMatch(message);
  });
});

describe('pawl prove', () => {
  test('proves that a record is under the newest checkpoint', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['prove', '17']);
    expect(exitCode, stderr).toBe(0);
    const proved = verifyTlogProof(stdout, leafHash(bytesOf17), verifierKey);
    expect([proved.index, proved.checkpoint.size, parseTlogProof(stdout).extra]).toEqual([17, 700, null]);
    expect(stderr).toContain('It proves that record 17 (test-events/16) is among the first 700 records.');
  });

  test('under the checkpoint of a given size, with the record in it, into a new file', async () => {
    const args = ['prove', '17', '--size', '300', '--record', '--out', 'record-17.tlog-proof'];
    const { exitCode, stdout } = await pawl(directory, args);
    expect([exitCode, stdout]).toEqual([
      0,
      'record-17.tlog-proof proves that record 17 (test-events/16) is among the first 300 records.\n',
    ]);
    const text = readFileSync(join(directory, 'record-17.tlog-proof'), 'utf8');
    const record = parseTlogProof(text).extra ?? new Uint8Array(0);
    expect(verifyTlogProof(text, leafHash(record), verifierKey).checkpoint).toEqual(first.checkpoint);
    expect(JSON.parse(Buffer.from(record).toString('utf8'))).toMatchObject({
      stream: 'test-events',
      revision: 16,
    });

    const again = await pawl(directory, args);
    expect([again.exitCode, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toMatch(/^OUTPUT_EXISTS: record-17\.tlog-proof is there already/);
    expect(readFileSync(join(directory, 'record-17.tlog-proof'), 'utf8')).toBe(text);
  });

  test('proves that the ledger only grew', async () => {
    const { exitCode, stdout } = await pawl(directory, ['prove', '--consistency', '300']);
    expect(exitCode).toBe(0);
    expect(verifyConsistencyText(stdout, first.checkpoint, verifierKey)).toEqual(second.checkpoint);
    const nothing = await pawl(directory, ['prove', '--consistency', '0', '--size', '300']);
    expect(nothing.stdout).toBe(`old 0\n\n${first.note}`);
  });

  test('as JSON, with the key to check it with', async () => {
    const { stdout: text } = await pawl(directory, ['prove', '17']);
    const { stdout } = await pawl(directory, ['prove', '17', '--json']);
    expect(jsonLines(stdout)).toEqual([
      { type: 'proof', kind: 'inclusion', position: 17, size: 700, verifierKey, proof: text },
    ]);
  });

  test.each([
    [['prove'], 2, /^USAGE: Name the position of a record, or a size/],
    [['prove', '1', '--consistency', '1'], 2, /^USAGE: Name the position of a record, or a size/],
    [['prove', '--consistency', '1', '--record'], 2, /^USAGE: --record goes with the position/],
    [['prove', '-1'], 2, /It must be a whole number from 0 on/],
    [['prove', '1.5'], 2, /It must be a whole number from 0 on/],
    [['prove', '703'], 2, /^LEDGER_POSITION: No signed checkpoint covers the first 704 records yet/],
    [['prove', '705'], 2, /^LEDGER_POSITION: No signed checkpoint covers the first 706 records yet/],
    [['prove', '706'], 2, /^LEDGER_POSITION: There is no record 706: the ledger has 706/],
    [['prove', '17', '--size', '301'], 2, /^LEDGER_POSITION: No checkpoint of exactly 301 records/],
    [
      ['prove', '300', '--size', '300'],
      2,
      /^LEDGER_POSITION: No checkpoint of exactly 300 records that covers the first 301/,
    ],
    [['prove', '--consistency', '701'], 2, /^LEDGER_POSITION: No signed checkpoint covers the first 701/],
    [['prove', '1', '--ledger', 'unsigned.db'], 1, /^SIGNING_KEY_NOT_FOUND: /],
  ])('%j is refused', async (args, code, message) => {
    const { exitCode, stdout, stderr } = await pawl(directory, args);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toMatch(message);
  });
});

describe('pawl tiles', () => {
  test('publishes what is signed, says so, and then has nothing new', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['tiles', 'public']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('public holds 700 records: 700 of them new, 8 tiles written.\n');
    const { published } = await openTiles(join(directory, 'public'), [verifierKey]);
    expect(published.note).toBe(second.note);
    const again = await pawl(directory, ['tiles', 'public', '--json']);
    expect(jsonLines(again.stdout)).toEqual([
      { type: 'tiles', directory: 'public', from: 700, size: 700, written: 0 },
    ]);
  });

  test('refuses a directory of another ledger', async () => {
    await writing('other.db', async (ledger) => {
      await registerKey(ledger);
      await appendEvents(ledger, 800);
      await signNow(ledger);
    });
    await pawl(directory, ['tiles', 'of-the-other', '--ledger', 'other.db']);
    const { exitCode, stdout, stderr } = await pawl(directory, ['tiles', 'of-the-other']);
    expect([exitCode, stdout]).toEqual([120, '']);
    expect(stderr).toMatch(/^TILES_DIFFER: of-the-other holds 801 records, and the ledger has fewer/);
  });

  test('needs something signed', async () => {
    const none = await pawl(directory, ['tiles', 'none', '--ledger', 'keyed.db']);
    expect([none.exitCode, existsSync(join(directory, 'none'))]).toEqual([2, false]);
    expect(none.stderr).toMatch(/^LEDGER_POSITION: The ledger has no signed checkpoint yet/);
    const never = await pawl(directory, ['tiles', 'none', '--follow', '--ledger', 'unsigned.db']);
    expect([never.exitCode, never.stderr.slice(0, 22)]).toEqual([1, 'SIGNING_KEY_NOT_FOUND:']);
  });

  test('says when there is no place to write', async () => {
    const { exitCode, stderr } = await pawl(directory, ['tiles', 'pawl.db']);
    expect([exitCode, statSync(join(directory, 'pawl.db')).isFile()]).toEqual([1, true]);
    expect(stderr).toMatch(/^STORAGE_FAILED: pawl\.db could not be written or read/);
  });

  test('--follow publishes every checkpoint as it is signed, until it is stopped', async () => {
    await writing('growing.db', (ledger) => registerKey(ledger));
    const following = startPawl(directory, ['tiles', 'live', '--follow', '--ledger', 'growing.db']);
    await following.said(/Following sqlite:growing\.db; Ctrl-C ends it\./);
    let size = 1;
    for (const count of [10, 300, 1]) {
      await writing('growing.db', async (ledger) => {
        await appendEvents(ledger, count);
        await signNow(ledger);
      });
      size += count;
      await following.said(new RegExp(`live holds ${size} records`));
      const { published } = await openTiles(join(directory, 'live'), [verifierKey]);
      expect(published.checkpoint.size).toBe(size);
      // The record of the checkpoint itself comes behind it.
      size += 1;
    }
    following.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await following.ended;
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe(
      [
        'live holds 11 records: 11 of them new, 2 tiles written.',
        'live holds 312 records: 301 of them new, 5 tiles written.',
        'live holds 314 records: 2 of them new, 2 tiles written.\n',
      ].join('\n'),
    );
    expect(stderr).toMatch(/^Nothing is signed yet\.\n/);
  });
});
