import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { checkSnapshots } from '../../src/ledger/snapshots/check-snapshots.ts';
import { readProjection } from '../../src/ledger/snapshots/read-projection.ts';
import { hashOfPieces, sealOf } from '../../src/ledger/snapshots/snapshot-hash.ts';
import type { Snapshot } from '../../src/ledger/snapshots/snapshot-store.ts';
import { cutState } from '../../src/ledger/snapshots/state-pieces.ts';
import { openSnapshotFile } from '../../src/ledger/stores/sqlite/snapshot-file.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { appendCopies } from '../bench/fold-fixture.ts';
import { randomHistory } from '../projections/random-history.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const history = { seed: 'snapshots', ids: 's', delays: '', concurrency: 1, interruptions: [] };
const strategies = ['best-of-n', 'sequential-feedback'].map((name) => strategyRef(strategyNamed(name), {}));

interface Case {
  readonly ledger: Ledger;
  readonly path: string;
  readonly events: readonly AnyRecordedEvent[];
}

/** Ledger files by how many copies of the runs they hold: filling one takes longer than most tests. */
const filled = new Map<
  number,
  Promise<{ readonly bytes: Buffer; readonly events: readonly AnyRecordedEvent[] }>
>();

/** Real runs several times over, some 300 events. */
async function filledLedger(copies = 5): Promise<Case> {
  const template = filled.get(copies) ?? fill(copies);
  filled.set(copies, template);
  const { bytes, events } = await template;
  const path = join(temporaryDirectory(), 'ledger.db');
  writeFileSync(path, bytes);
  return { ledger: (await open(path)).ledger, path, events };
}

async function fill(copies: number): Promise<{ bytes: Buffer; events: readonly AnyRecordedEvent[] }> {
  const path = join(temporaryDirectory(), 'ledger.db');
  const { ledger } = await open(path);
  const real = (await randomHistory({ ...history, strategies })).events;
  await appendCopies(ledger, real, Math.ceil((copies * 65) / real.length));
  const events = await Array.fromAsync(ledger.readAll());
  expect(events.length).toBeGreaterThan(250);
  await ledger.close();
  return { bytes: readFileSync(path), events };
}

async function open(path: string, mode: 'read' | 'write' = 'write'): Promise<{ readonly ledger: Ledger }> {
  const clock = steppingClock(1_760_000_000_000, 1);
  const ids = seededIdSource(clock, seededRandom(path));
  const ledger = new Ledger(await openSqliteStore({ path, mode }), clock, ids);
  onTestFinished(() => ledger.close());
  return { ledger };
}

const heads = (path: string): readonly { readonly projection: string; readonly size: number }[] => {
  const file = openSnapshotFile(path);
  try {
    return file.heads();
  } finally {
    file.close();
  }
};

/** Keeps a snapshot of any ledger. */
const read = (ledger: Ledger, projection: Projection<unknown>): Promise<unknown> =>
  readProjection(ledger, projection, 1);

const run = projections.find(({ name }) => name === 'run') as Projection<unknown>;
const sameAsFold = (
  projection: Projection<unknown>,
  state: unknown,
  events: readonly AnyRecordedEvent[],
): void => expect(stateHash(projection, state)).toBe(stateHash(projection, fold(projection, events)));

/** Every way a fold can meet a snapshot, for one projection: without, with a fresh one, going on from one, writing the next. */
describe('reading a projection', () => {
  for (const projection of projections) {
    test(`${projection.name}: the same state without a snapshot, from one, and on from one`, async () => {
      const { ledger, path, events } = await filledLedger();
      for (let round = 0; round < 3; round += 1) {
        sameAsFold(projection, await read(ledger, projection), events);
        expect(heads(path)).toMatchObject([{ projection: projection.name, size: events.length }]);
      }
      await appendCopies(ledger, await otherRuns(), 1);
      const more = await Array.fromAsync(ledger.readAll());
      for (let round = 0; round < 2; round += 1) {
        sameAsFold(projection, await read(ledger, projection), more);
        expect(heads(path).map(({ size }) => size)).toEqual([more.length, events.length]);
      }
      expect(await checkSnapshots(ledger, projections)).toEqual([]);
    });
  }

  test('reuses the pieces of what did not change', async () => {
    const { ledger, path } = await filledLedger(60);
    const episode = projections.find(({ name }) => name === 'episode') as Projection<unknown>;
    const load = (): readonly Snapshot[] => {
      const file = openSnapshotFile(path);
      const all = file.heads().map((head) => file.load(head) as Snapshot);
      file.close();
      return all;
    };
    await read(ledger, episode);
    await appendCopies(ledger, await otherRuns(), 4);
    await read(ledger, episode);
    const [newer, older] = load();
    const known = new Set(older?.pieces.map(({ bytes }) => Buffer.from(bytes).toString()));
    const shared = newer?.pieces.filter(({ bytes }) => known.has(Buffer.from(bytes).toString())) ?? [];
    expect(older?.pieces.length).toBeGreaterThan(2);
    expect(shared.length).toBeGreaterThanOrEqual((older?.pieces.length ?? 0) - 1);
    const db = new DatabaseSync(join(path, '..', 'ledger.db-snapshots'), { readOnly: true });
    const stored = Number(db.prepare('SELECT count(*) AS count FROM pieces').get()?.['count']);
    db.close();
    expect(stored).toBe((newer?.pieces.length ?? 0) + (older?.pieces.length ?? 0) - shared.length);
  });

  test('makes no file for a small ledger, and none in memory', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const { ledger } = await open(path);
    const real = (await randomHistory({ ...history, strategies })).events;
    await appendCopies(ledger, real, 3);
    sameAsFold(run, await readProjection(ledger, run), await Array.fromAsync(ledger.readAll()));
    expect(existsSync(`${path}-snapshots`)).toBe(false);
    expect(await checkSnapshots(ledger, projections)).toEqual([]);
  });

  test('keeps snapshots from whom the ledger is kept', async () => {
    const { ledger, path } = await filledLedger();
    chmodSync(path, 0o600);
    await read(ledger, run);
    expect(statSync(`${path}-snapshots`).mode & 0o777).toBe(0o600);
  });

  test('a reader leaves a snapshot too, and a new ledger begins without those of an old one', async () => {
    const { ledger, path } = await filledLedger();
    await ledger.close();
    const reader = (await open(path, 'read')).ledger;
    await read(reader, run);
    await reader.close();
    expect(heads(path)).toHaveLength(1);
    rmSync(path);
    const again = (await open(path)).ledger;
    expect(heads(path)).toEqual([]);
    expect(await checkSnapshots(again, projections)).toEqual([]);
  });
});

describe('a snapshot that is not what it should be is passed over and made again', () => {
  const cases: Readonly<Record<string, (path: string) => void>> = {
    'of another version of the projection': (path) => sql(path, 'UPDATE snapshots SET version = 99'),
    'with another state hash': (path) => sql(path, `UPDATE snapshots SET hash = '${'0'.repeat(64)}'`),
    'with other bytes': (path) =>
      sql(path, "UPDATE pieces SET bytes = CAST(replace(bytes, 'finished', 'running') AS BLOB)"),
    'with other keys': (path) => sql(path, "UPDATE cuts SET keys = replace(keys, '1', '2')"),
    'of another ledger': (path) => sql(path, `UPDATE snapshots SET leaf = '${'a'.repeat(64)}'`),
    'without its pieces': (path) => sql(path, 'DELETE FROM pieces'),
    'in a file that is cut off': (path) => {
      const bytes = readFileSync(`${path}-snapshots`);
      writeFileSync(`${path}-snapshots`, bytes.subarray(0, bytes.length / 2));
    },
    'in a file that is something else': (path) => writeFileSync(`${path}-snapshots`, 'no snapshots here\n'),
    'in a file that is empty': (path) => writeFileSync(`${path}-snapshots`, ''),
    'in a file of another format': (path) => sql(path, 'PRAGMA user_version = 99'),
  };
  for (const [name, damage] of Object.entries(cases)) {
    test(name, async () => {
      const { ledger, path, events } = await filledLedger();
      await read(ledger, run);
      damage(path);
      sameAsFold(run, await read(ledger, run), events);
      sameAsFold(run, await read(ledger, run), events);
      expect(heads(path)).toMatchObject([{ projection: 'run', size: events.length }]);
      expect(await checkSnapshots(ledger, projections)).toEqual([]);
    });
  }

  test('and nothing fails where no snapshot can be written', async () => {
    const { ledger, path, events } = await filledLedger();
    // A directory in its place can neither be opened nor replaced.
    mkdirSync(`${path}-snapshots`);
    sameAsFold(run, await read(ledger, run), events);
  });

  test('nor where another process holds the file', async () => {
    const { ledger, path, events } = await filledLedger();
    await read(ledger, run);
    const other = new DatabaseSync(`${path}-snapshots`);
    other.exec('BEGIN EXCLUSIVE');
    const inode = statSync(`${path}-snapshots`).ino;
    sameAsFold(run, await read(ledger, run), events);
    expect(await checkSnapshots(ledger, projections)).toEqual([]);
    other.close();
    expect([heads(path).length, statSync(`${path}-snapshots`).ino]).toEqual([1, inode]);
  });
});

describe('an edited snapshot is found, also when its hashes were made to fit', () => {
  const edit = (path: string, change: (snapshot: Snapshot) => Omit<Snapshot, 'seal'>): void => {
    const file = openSnapshotFile(path);
    const [head] = file.heads();
    const snapshot = head === undefined ? null : file.load(head);
    if (head === undefined || snapshot === null) throw new Error('there is no snapshot to edit');
    const changed = change(snapshot);
    file.remove(head);
    file.write({ ...changed, seal: sealOf(changed) });
    file.close();
  };
  const withState = (snapshot: Snapshot, state: unknown): Omit<Snapshot, 'seal'> => {
    const pieces = cutState(state);
    return { ...snapshot, pieces, hash: hashOfPieces(run, pieces) };
  };
  type State = {
    runs: Record<string, { status: string; episodes: { hiddenPass: boolean }[] }>;
    places: object;
  };
  const cases: Readonly<Record<string, (snapshot: Snapshot, state: State) => Omit<Snapshot, 'seal'>>> = {
    'a verdict': (snapshot, state) => {
      const episode = Object.values(state.runs)[0]?.episodes[0];
      if (episode !== undefined) episode.hiddenPass = !episode.hiddenPass;
      return withState(snapshot, state);
    },
    'a run taken out': (snapshot, state) => {
      delete state.runs[Object.keys(state.runs)[0] as string];
      return withState(snapshot, state);
    },
    'a key hidden, with the bytes left as they were': (snapshot) => {
      const [first, ...rest] = snapshot.pieces;
      return first === undefined
        ? snapshot
        : { ...snapshot, pieces: [{ ...first, keys: (first.keys ?? []).slice(1) }, ...rest] };
    },
    'its place in the ledger': (snapshot) => ({ ...snapshot, size: snapshot.size - 1 }),
    'the leaf it is tied to': (snapshot) => ({ ...snapshot, leaf: snapshot.root }),
    'the root it is tied to': (snapshot) => ({ ...snapshot, root: snapshot.leaf }),
    'records that the ledger does not have': (snapshot) => ({ ...snapshot, size: snapshot.size + 5 }),
  };
  for (const [name, change] of Object.entries(cases)) {
    test(name, async () => {
      const { ledger, path, events } = await filledLedger();
      await read(ledger, run);
      edit(path, (snapshot) => change(snapshot, structuredClone(fold(run, events)) as State));
      const problems = await checkSnapshots(ledger, projections);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({
        projection: 'run',
        message: expect.stringContaining('is not its fold'),
      });
    });
  }

  test('a file that is damaged is a problem as well', async () => {
    const { ledger, path } = await filledLedger();
    await read(ledger, run);
    const whole = `${path}-whole`;
    copyFileSync(`${path}-snapshots`, whole);
    const bytes = readFileSync(whole);
    for (const keep of [bytes.length - 4096, 5000, 100]) {
      writeFileSync(`${path}-snapshots`, bytes.subarray(0, keep));
      expect(await checkSnapshots(ledger, projections), `${keep} bytes`).toEqual([
        { projection: null, size: null, message: expect.stringContaining('Delete it; it is made again') },
      ]);
    }
  });
});

function sql(path: string, statement: string): void {
  const db = new DatabaseSync(`${path}-snapshots`);
  db.exec(statement);
  db.close();
}

/** Runs of other names. */
async function otherRuns(): Promise<readonly AnyRecordedEvent[]> {
  return (await randomHistory({ ...history, ids: 'other', strategies })).events;
}
