import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { TreeFrontier } from '../../../../src/ledger/audit/tree-frontier.ts';
import { openShelf } from '../../../../src/ledger/stores/eventstore/order/open-shelf.ts';
import type { OrderShelf } from '../../../../src/ledger/stores/eventstore/order/order-entry.ts';
import { OrderIndex } from '../../../../src/ledger/stores/eventstore/order/order-index.ts';
import { OrderFile } from '../../../../src/ledger/stores/sqlite/order-file.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { entryAt } from './index-fixture.ts';

const script = fileURLToPath(new URL('indexing-process.ts', import.meta.url));
const silent = (): void => undefined;

function indexOver(shelf: OrderShelf | null, note: (message: string) => void = silent): OrderIndex {
  const index = new OrderIndex(shelf, note);
  onTestFinished(() => index.close());
  return index;
}

function rootOf(size: number): string {
  const tree = new TreeFrontier();
  for (let position = 0; position < size; position += 1) tree.append(entryAt(position).leaf);
  return Buffer.from(tree.root()).toString('hex');
}

function fill(index: OrderIndex, size: number): void {
  while (index.size < size) index.push(entryAt(index.size));
}

/** Everything that an index answers, at every border. */
function mustAnswer(index: OrderIndex, size: number): void {
  expect(index.size).toBe(size);
  expect(Buffer.from(index.head().root).toString('hex')).toBe(rootOf(size));
  for (let from = 0; from < size; ) {
    const entries = index.entries(from, 1000);
    expect(entries[0]).toEqual(entryAt(from));
    expect(index.leaves(from, entries.length).at(-1)).toEqual(entries.at(-1)?.leaf);
    from += entries.length;
  }
  const { stream } = entryAt(3);
  const positions = Array.from({ length: Math.ceil((size - 3) / 7) }, (_, revision) => revision * 7 + 3);
  expect(index.positions(stream, 0, 1e6)).toEqual(positions);
  expect(index.positions(stream, 5, 3)).toEqual(positions.slice(5, 8));
  expect(index.lastRevision(stream)).toBe(positions.length - 1);
  const starts = Array.from({ length: Math.min(7, size) }, (_, first) => ({ stream: `s-${first}`, first }));
  expect(index.streams(0, 100)).toEqual(starts);
  expect(index.streams(2, 3)).toEqual(starts.slice(2, 5));
}

test('an index answers the same from memory, from a file, and across the border of both', () => {
  const path = join(temporaryDirectory(), 'a.order');
  const memory = indexOver(null);
  fill(memory, 5000);
  mustAnswer(memory, 5000);
  const first = new OrderIndex(new OrderFile(path), silent);
  fill(first, 5000);
  mustAnswer(first, 5000);
  first.close();
  const second = indexOver(new OrderFile(path));
  mustAnswer(second, 5000);
  expect(second.through).toEqual(entryAt(4999).at);
  fill(second, 5010);
  mustAnswer(second, 5010);
});

test('several indexes over one file, at their own pace, never disagree', () => {
  const step = fc.record({ who: fc.nat(2), add: fc.nat(40), write: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const path = join(temporaryDirectory(), 'a.order');
      const indexes = [0, 1, 2].map(() => new OrderIndex(new OrderFile(path), silent));
      for (const { who, add, write } of steps) {
        const index = indexes[who] as OrderIndex;
        fill(index, index.size + add);
        if (write) index.write();
        if (index.size > 10) mustAnswer(index, index.size);
      }
      const most = Math.max(...indexes.map(({ size }) => size));
      for (const index of indexes) index.close();
      const last = new OrderIndex(new OrderFile(path), silent);
      expect(last.size).toBe(most);
      if (most > 10) mustAnswer(last, most);
      last.close();
    }),
    { numRuns: 25 },
  );
});

test('a process that is killed while it writes leaves a beginning, and nothing else', async () => {
  const path = join(temporaryDirectory(), 'a.order');
  for (let round = 1; round <= 3; round += 1) {
    const child = spawn(process.execPath, [script, path, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (Number(line) >= round * 15_000) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const index = new OrderIndex(new OrderFile(path), silent);
    expect(index.size).toBeGreaterThanOrEqual(round * 15_000 - 4096);
    mustAnswer(index, index.size);
    index.close();
  }
}, 60_000);

test('where no more can be written, the index goes on in memory and says so once', async () => {
  const path = join(temporaryDirectory(), 'a.order');
  // A limit on the size of files is what a full disk is, without filling one.
  const limited = `trap '' XFSZ; ulimit -f 800; exec "$0" "$@"`;
  const child = spawn('bash', ['-c', limited, process.execPath, script, path, '20000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const { root, first, last, notes } = JSON.parse(lines.at(-1) ?? '{}');
  expect([root, first, last]).toEqual([rootOf(20_000), 0, 19_999]);
  expect(notes).toEqual([expect.stringMatching(/^The order of the ledger is kept in memory from now on\./)]);
  const index = indexOver(new OrderFile(path));
  expect(index.size).toBeGreaterThan(4000);
  mustAnswer(index, index.size);
});

test.each([
  ['bytes of something else', (path: string) => writeFileSync(path, Buffer.alloc(8192, 7))],
  ['another program’s database', (path: string) => change(path, 'PRAGMA application_id = 12')],
  ['a head without its entries', (path: string) => change(path, 'DELETE FROM entries WHERE position = 49')],
  ['a tree that does not fit', (path: string) => change(path, "UPDATE head SET roots = x'00'")],
  ['half a file', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 4096))],
])('%s is no index, and is made anew', (_, damage) => {
  const directory = temporaryDirectory();
  const path = join(directory, 'l.order');
  const before = new OrderIndex(new OrderFile(path), silent);
  fill(before, 50);
  before.close();
  damage(path);
  const notes: string[] = [];
  const index = indexOver(openShelf(directory, 'l', (note) => notes.push(note)));
  expect([index.size, notes]).toEqual([0, []]);
  fill(index, 20);
  mustAnswer(index, 20);
});

test('a file whose beginning is another one is refused by name', () => {
  const path = join(temporaryDirectory(), 'a.order');
  const ours = indexOver(new OrderFile(path));
  const theirs = new OrderIndex(new OrderFile(path), silent);
  fill(ours, 30);
  theirs.push({ ...entryAt(0), leaf: entryAt(1).leaf });
  theirs.close();
  expect(() => ours.write()).toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT' }));
});

test('a place where no file can be is done without, with a note', () => {
  const notes: string[] = [];
  const directory = join(temporaryDirectory(), 'file');
  writeFileSync(directory, '');
  expect(openShelf(directory, 'l', (note) => notes.push(note))).toBe(null);
  expect(notes).toEqual([expect.stringContaining('The order of the ledger is kept in memory alone')]);
});

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}
