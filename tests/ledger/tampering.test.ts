import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { snapshotPath } from '../../src/ledger/stores/sqlite/snapshot-file.ts';
import { noTrust, type Trust } from '../../src/ledger/verify/trust.ts';
import { sharedDirectory } from '../e2e/directory.ts';
import { byteMutations, fileMutations } from './tampering/byte-mutations.ts';
import { type Judgement, judge } from './tampering/judge.ts';
import { type LedgerUnderTest, makeLedgerUnderTest } from './tampering/ledger-under-test.ts';
import { logicalContent } from './tampering/logical-content.ts';
import type { Done, Mutation } from './tampering/mutation.ts';
import { rewritingMutations } from './tampering/rewriting-mutations.ts';
import { rowMutations } from './tampering/row-mutations.ts';

const long = process.env['PAWL_LONG'] === '1';
const seed = process.env['PAWL_SEED'] ?? String(Math.floor(Date.now() / 1000));
/** Rounds of each kind: how often every single mutation is made. */
const rounds = long
  ? { rows: 60, bytes: 600, files: 60, rewriting: 30 }
  : { rows: 6, bytes: 26, files: 5, rewriting: 2 };

const directory = sharedDirectory();
let ledger: LedgerUnderTest;
let key: Trust;
let checkpoint: Trust;

beforeAll(async () => {
  ledger = await makeLedgerUnderTest(directory);
  key = { checkpoints: [], verifierKeys: [ledger.verifierKey] };
  checkpoint = { checkpoints: [ledger.remembered], verifierKeys: [] };
}, 60_000);

/** A copy of its own for each attempt, gone when it is over. */
async function withCopy<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
  const place = mkdtempSync(join(directory, 'copy-'));
  try {
    const path = join(place, 'pawl.db');
    copyFileSync(ledger.path, path);
    return await work(path);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe(`every kind of tampering is found (PAWL_SEED=${seed})`, () => {
  const groups = [
    { what: 'rows', mutations: rowMutations },
    { what: 'bytes', mutations: byteMutations },
    { what: 'files', mutations: fileMutations },
    { what: 'rewriting', mutations: rewritingMutations },
  ] as const;
  for (const { what, mutations } of groups) {
    test.for([...mutations])(
      `$name, ${rounds[what]} times`,
      { timeout: long ? 900_000 : 60_000 },
      async (mutation) => {
        let made = 0;
        for (let round = 0; round < rounds[what]; round += 1) {
          const random = seededRandom(`${seed}/${mutation.name}/${round}`);
          await withCopy(async (path) => {
            const done = await mutation.apply(path, random, ledger);
            if (done === null) return;
            made += 1;
            await mustBeFound(
              path,
              mutation,
              done,
              `${mutation.name}: ${done.what} (round ${round}, ${seed})`,
            );
          });
        }
        expect(made, 'a mutation that never comes about tests nothing').toBeGreaterThan(0);
      },
    );
  }
});

/**
 * Whoever knows enough finds it; whoever knows less is at least told nothing wrong. Knowing more never finds less, which the long
 * run sees for itself.
 */
async function mustBeFound(path: string, { needs }: Mutation, done: Done, where: string): Promise<void> {
  const order = ['nothing', 'key', 'checkpoint'] as const;
  const trusts = { nothing: noTrust, key, checkpoint };
  for (const known of order) {
    const enough = order.indexOf(known) >= order.indexOf(needs);
    const judgement = await judge(path, trusts[known]);
    const told = `${where}, knowing ${known}: ${judgement.because}`;
    if (enough) expect({ found: judgement.found }, told).toEqual({ found: true });
    mustNotBeClaimed(judgement, told);
    if (enough && done.first !== undefined && judgement.firstBad !== null)
      mustName(judgement, done.first, told);
    if (enough && !long) return;
  }
}

/** Nobody may be told that nothing was altered and nothing is missing, also where the evidence does not suffice to say more. */
function mustNotBeClaimed({ altered, missing }: Judgement, told: string): void {
  expect(altered === 'yes' && missing === 'yes', told).toBe(false);
}

/** The record itself, or a range of records that holds it. */
function mustName({ firstBad }: Judgement, first: number, told: string): void {
  if (firstBad?.kind === 'record') expect(firstBad.position, told).toBe(first);
  else {
    expect(firstBad?.from, told).toBeLessThanOrEqual(first);
    expect(firstBad?.to, told).toBeGreaterThan(first);
  }
}

describe('nothing is found where nothing was done', () => {
  const sound = { found: false, codes: [], firstBad: null, altered: 'yes', missing: 'yes' };

  test('in the ledger itself and in copies of it, with their snapshots', async () => {
    expect(await judge(ledger.path, checkpoint)).toMatchObject(sound);
    await withCopy(async (path) => {
      copyFileSync(snapshotPath(ledger.path), snapshotPath(path));
      expect(await judge(path, checkpoint)).toMatchObject(sound);
      expect(await judge(path, key)).toMatchObject({ ...sound, missing: 'unknown' });
      expect(await judge(path, noTrust)).toMatchObject({ ...sound, altered: 'unknown', missing: 'unknown' });
    });
  });

  test('in an older copy that is held against what was known then', async () => {
    const trust = { checkpoints: [ledger.olderRemembered], verifierKeys: [ledger.verifierKey] };
    expect(await judge(ledger.olderPath, trust)).toMatchObject(sound);
    expect(await judge(ledger.path, trust)).toMatchObject(sound);
  });

  test('in a file that was vacuumed and analysed, and holds the same', async () => {
    await withCopy(async (path) => {
      const before = logicalContent(path);
      const db = new DatabaseSync(path);
      db.exec('VACUUM');
      expect(logicalContent(path)).toBe(before);
      db.exec('ANALYZE');
      db.close();
      expect(await judge(path, checkpoint)).toMatchObject(sound);
    });
  });
});
