import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import type { AppendRequest, EventStore, NewRecord } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { allRecords, collect, describeRecord, record, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The ledger at its simplest: a list, searched from the front. */
interface ModelRecord extends NewRecord {
  readonly stream: string;
  readonly revision: number;
}

type Answer = readonly number[] | 'EVENT_ID_CONFLICT' | 'WRONG_EXPECTED_REVISION';

/** What the port's text says, written without any thought of speed. */
function modelAppend(model: ModelRecord[], request: AppendRequest): Answer {
  const { stream: name, expectedRevision, records } = request;
  const known = records.map(({ id }) => model.findIndex((one) => one.id === id));
  const sameBytes = records.map(
    ({ bytes }, at) =>
      known[at] === -1 || Buffer.compare(bytes, model[known[at] as number]?.bytes as Uint8Array) === 0,
  );
  if (sameBytes.includes(false)) return 'EVENT_ID_CONFLICT';
  const repeated = known.every((position, at) => {
    const one = model[position];
    return one !== undefined && one.stream === name && one.revision === expectedRevision + 1 + at;
  });
  if (records.length > 0 && repeated) return known;
  const last = model.filter((one) => one.stream === name).length - 1;
  if (expectedRevision !== last) return 'WRONG_EXPECTED_REVISION';
  const doubled = new Set(records.map(({ id }) => id)).size < records.length;
  if (doubled || known.some((position) => position !== -1)) return 'EVENT_ID_CONFLICT';
  return records.map((one, at) => model.push({ ...one, stream: name, revision: last + 1 + at }) - 1);
}

/** One append as the generator draws it; `behind` is how far the writer's idea of the revision lags behind. */
interface Step {
  readonly stream: number;
  readonly behind: number;
  readonly ids: readonly number[];
  readonly forged: boolean;
  /** Sent in the same tick as the next one. */
  readonly together: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  stream: fc.nat(2),
  behind: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: -1, max: 4 }) },
  ),
  ids: fc.array(fc.nat(25), { maxLength: 3 }),
  forged: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  together: fc.boolean(),
});

/** Appends, retries of earlier appends, and conflicts, singly and in groups; then everything is read back and compared. */
async function checkAgainstModel(
  open: () => Promise<EventStore>,
  reopen: (() => Promise<EventStore>) | null,
  steps: readonly Step[],
): Promise<void> {
  const model: ModelRecord[] = [];
  let store = await open();
  try {
    let sent: Promise<Answer>[] = [];
    let expected: Answer[] = [];
    const settle = async (): Promise<void> => {
      expect(await Promise.all(sent)).toEqual(expected);
      sent = [];
      expected = [];
    };
    for (const { stream: number, behind, ids, forged, together } of steps) {
      const name = stream(`${number}`);
      const last = model.filter((one) => one.stream === name).length - 1;
      const records = ids.map((id) => record(id, forged ? `forged ${id}` : `record ${id}`));
      const request = { stream: name, expectedRevision: Math.max(-1, last - behind), records, blobs: [] };
      expected.push(modelAppend(model, request));
      sent.push(
        store.append(request).then(
          ({ positions }) => positions,
          (error) => error.code,
        ),
      );
      if (!together) await settle();
    }
    await settle();
    if (reopen !== null) {
      await store.close();
      store = await reopen();
    }
    const tree = new TreeFrontier();
    for (const { bytes } of model) tree.append(leafHash(bytes));
    const text = model.map(
      (one, at) => `${at} ${one.stream}/${one.revision} ${Buffer.from(one.bytes).toString()}`,
    );
    expect(await allRecords(store)).toEqual(text);
    const head = await store.head();
    expect([head.size, Buffer.compare(head.root, tree.root())]).toEqual([model.length, 0]);
    for (const number of [0, 1, 2]) {
      const name = stream(`${number}`);
      const ofStream = text.filter((_, at) => model[at]?.stream === name);
      expect((await collect(store.readStream(name))).map(describeRecord)).toEqual(ofStream);
      expect(await store.lastRevision(name)).toBe(ofStream.length - 1);
    }
    expect(await collect(store.streams(''))).toEqual([...new Set(model.map((one) => one.stream))]);
    expect((await collect(store.readAll())).map(({ id }) => id)).toEqual(model.map(({ id }) => id));
  } finally {
    await store.close();
  }
}

test('the memory store does what the model does', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) =>
    checkAgainstModel(async () => openMemoryStore(), null, steps),
  );
  await fc.assert(property, { numRuns: 300 });
});

test('the SQLite store does what the model does, also when opened again', async () => {
  const directory = temporaryDirectory();
  let count = 0;
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) => {
    count += 1;
    const path = join(directory, `${count}.db`);
    return checkAgainstModel(
      () => openSqliteStore({ path, mode: 'write' }),
      () => openSqliteStore({ path, mode: 'read' }),
      steps,
    );
  });
  await fc.assert(property, { numRuns: process.env['PAWL_LONG'] === '1' ? 1000 : 40 });
}, 300_000);
