import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { blob, collect, record, request, stream } from './record-factory.ts';
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
    const writers = Array.from({ length: processes }, (_, index) => new Writer(path, index + 1, acknowledge));
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
  const greedy = Array.from({ length: 2 }, (_, index) => new Writer(path, index + 1, () => undefined));
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
  const stopped = new Writer(path, 1, () => undefined);
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

/** A process that appends until it is killed. */
class Writer {
  lines = 0;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #path: string;
  readonly #number: number;
  readonly #onLine: (line: string) => void;
  #errors = '';
  #isReady = false;
  #printed = Promise.withResolvers<void>();

  constructor(path: string, number: number, onLine: (line: string) => void) {
    this.#path = path;
    this.#number = number;
    this.#onLine = onLine;
  }

  async start(childSeed: string): Promise<void> {
    const script = fileURLToPath(new URL('./appending-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, this.#path, childSeed, String(this.#number)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#errors = '';
    this.#isReady = false;
    let rest = '';
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const whole = (rest + chunk.toString()).split('\n');
      // A last line that is cut off was not acknowledged to anybody.
      rest = whole.pop() as string;
      for (const line of whole) {
        if (line === 'ready') this.#isReady = true;
        else {
          this.lines += 1;
          this.#onLine(line);
        }
      }
      this.#wake();
    });
    this.#exited = Promise.all([once(child, 'exit'), once(child.stdout, 'close')]).then(() => this.#wake());
    await this.linesMore(0);
  }

  /** Waits until it is ready and has printed so many more lines. */
  async linesMore(count: number): Promise<void> {
    const wanted = this.lines + count;
    while (!this.#isReady || this.lines < wanted) {
      expect(this.#child?.exitCode, this.#errors).toBeNull();
      await this.#printed.promise;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  #wake(): void {
    this.#printed.resolve();
    this.#printed = Promise.withResolvers<void>();
  }
}
