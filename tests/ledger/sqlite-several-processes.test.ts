import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { filesHolding } from './raw-files.ts';
import { blob, collect, record, request, stream } from './record-factory.ts';
import { AppendingProcess } from './run-appending-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 150 : 6;
const processes = long ? 4 : 3;
const seed = process.env['PAWL_SEED'] ?? 'several-1';

test(
  `${kills} kills among ${processes} processes that write one ledger harm nobody else (seed ${seed})`,
  async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const random = seededRandom(seed);
    const acknowledged = new Map<string, string>();
    const acknowledge = (line: string): void => {
      const [stream, revision, position, id] = line.split(' ');
      const place = `${stream}/${revision}`;
      expect(acknowledged.has(place), place).toBe(false);
      acknowledged.set(place, `${position} ${id}`);
    };
    const writers = Array.from(
      { length: processes },
      (_, index) => new AppendingProcess(path, index + 1, acknowledge),
    );
    onTestFinished(() => Promise.all(writers.map((writer) => writer.kill())).then(() => undefined));
    await Promise.all(writers.map((writer) => writer.start(`${seed}-first`)));

    // Somebody who writes, too, and follows: sees every record once and in order, whoever is killed meanwhile.
    const store = await openSqliteStore({ path, mode: 'write', pollMs: 5 });
    onTestFinished(() => store.close());
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const followed: string[] = [];
    const following = (async () => {
      for await (const { position, id } of store.subscribe(0, stop.signal))
        followed.push(`${position} ${id}`);
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = random.pick(writers);
      await victim.linesMore(random.int(0, 150));
      await victim.kill();
      // The others go on without it.
      const survivors = writers.filter((writer) => writer !== victim);
      await Promise.all(survivors.map((writer) => writer.linesMore(1)));
      await victim.start(`${seed}-${kill}`);
    }
    await Promise.all(writers.map((writer) => writer.kill()));

    const records = await collect(store.readAll());
    expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index));
    const stored = new Map(
      records.map(({ stream, revision, position, id }) => [`${stream}/${revision}`, `${position} ${id}`]),
    );
    expect(stored.size).toBe(records.length);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    for (const [place, what] of acknowledged) expect(stored.get(place), place).toBe(what);
    const lasts = new Map<string, number>();
    const tree = new TreeFrontier();
    for (const { stream, revision, bytes } of records) {
      expect(revision).toBe((lasts.get(stream) ?? -1) + 1);
      lasts.set(stream, revision);
      tree.append(leafHash(bytes));
    }
    const head = await store.head();
    expect([head.size, Buffer.from(head.root)]).toEqual([records.length, Buffer.from(tree.root())]);
    expect(await verifyLedger(store, { deep: true })).toMatchObject({ ok: true, problems: [] });
    expect(lasts.size).toBe(processes * 8 + 2);
    expect(acknowledged.size).toBeGreaterThan(kills * 10);
    await expect.poll(() => followed.length).toBe(records.length);
    stop.abort();
    await following;
    expect(followed).toEqual(records.map(({ position, id }) => `${position} ${id}`));
  },
  long ? 900_000 : 180_000,
);

test('a process that always has something to write keeps nobody out', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const greedy = Array.from(
    { length: 2 },
    (_, index) => new AppendingProcess(path, index + 1, () => undefined),
  );
  onTestFinished(() => Promise.all(greedy.map((writer) => writer.kill())).then(() => undefined));
  await Promise.all(greedy.map((writer) => writer.start('greedy')));
  const store = await openSqliteStore({ path, mode: 'write' });
  onTestFinished(() => store.close());
  const before = greedy.map(({ lines }) => lines);
  const waitedMs: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const start = performance.now();
    await store.putBlobs([blob(`from outside ${index}`)]);
    waitedMs.push(performance.now() - start);
  }
  // A turn takes milliseconds; two who never pause may get some more of them, and never all.
  expect(Math.max(...waitedMs)).toBeLessThan(2000);
  for (const [index, writer] of greedy.entries())
    expect(writer.lines).toBeGreaterThan(before[index] as number);
}, 60_000);

test('a process that is stopped in the middle of everything holds up the others no longer than it must', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const stopped = new AppendingProcess(path, 1, () => undefined);
  onTestFinished(() => stopped.kill());
  await stopped.start('stopped');
  const store = await openSqliteStore({ path, mode: 'write', turnWaitMs: 300 });
  onTestFinished(() => store.close());
  const outcomes: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    await stopped.linesMore(20);
    stopped.signal('SIGSTOP');
    const start = performance.now();
    // Whether it holds the file is chance; either the write goes through or it is refused in time, and nothing is half done.
    const outcome = await store.append(request(`round${round}`, -1, [record(round)])).then(
      () => 'written',
      (error: { readonly code: string }) => error.code,
    );
    expect(['written', 'LEDGER_BUSY']).toContain(outcome);
    expect(performance.now() - start).toBeLessThan(2000);
    outcomes.push(outcome);
    stopped.signal('SIGCONT');
  }
  expect(outcomes).toContain('written');
  for (const [round, outcome] of outcomes.entries()) {
    expect(await store.lastRevision(stream(`round${round}`))).toBe(outcome === 'written' ? 0 : -1);
  }
}, 60_000);

test('an erasure ends beside processes that never stop writing, and no file holds the bytes any more', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const writers = [1, 2].map((number) => new AppendingProcess(path, number, () => undefined));
  onTestFinished(() => Promise.all(writers.map((writer) => writer.kill())).then(() => undefined));
  const store = await openSqliteStore({ path, mode: 'write' });
  onTestFinished(() => store.close());
  await Promise.all(writers.map((writer) => writer.start('erasing')));
  for (let round = 0; round < 5; round += 1) {
    const secret = blob(`secret ${round}: ${`swordfish ${round} and more of it, `.repeat(100)}`);
    await store.putBlobs([secret]);
    await Promise.all(writers.map((writer) => writer.linesMore(5)));
    await store.eraseBlob(secret.digest);
    expect(filesHolding(path, secret.bytes)).toEqual([]);
    await Promise.all(writers.map((writer) => writer.linesMore(5)));
  }
}, 60_000);
