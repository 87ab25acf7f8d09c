import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { auditStreams } from '../../../src/ledger/audit/audit-streams.ts';
import { openCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { toyLedger } from '../../support/toy-run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./signing-process.ts', import.meta.url));
const pair = signingKeyFromSeed('example.com/ledger', Buffer.alloc(32, 1));
const [processes, decisions] = [3, 80];

test('processes that write and sign one ledger at the same time sign one history, each checkpoint larger than the last', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const store = await openSqliteStore({ path, mode: 'write' });
  onTestFinished(() => store.close());
  const ledger = toyLedger(store, 'keeper');
  const data = { origin: 'example.com/ledger', verifierKey: pair.verifierKey, everyRecords: 20 };
  const writer = { actor: 'keeper', correlation: 'test' };
  await ledger.append(auditStreams.keys, -1, [
    ledger.draft({ type: 'SigningKeyRegistered', data }, writer, null),
  ]);

  const ended = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      run(process.execPath, [script, path, `signer${index}`, String(decisions)]),
    ),
  );
  const told = ended.map(({ stdout }) => stdout.trim().split('\n'));
  for (const lines of told) {
    expect(lines.at(-1)).toBe('closed');
    // Every one of them signed, and none ran out of patience.
    expect(lines.filter((line) => line.startsWith('signed')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.startsWith('failed'))).toEqual([]);
  }
  const sizes: number[] = [];
  for await (const event of ledger.readStream(auditStreams.checkpoints)) {
    if (event.type !== 'CheckpointSigned') continue;
    expect(openCheckpoint(event.data.note, pair.verifierKey).size).toBe(event.data.size);
    expect(event.position).toBeGreaterThanOrEqual(event.data.size);
    sizes.push(event.data.size);
  }
  expect(sizes.toSorted((one, other) => one - other)).toEqual(sizes);
  expect(new Set(sizes).size).toBe(sizes.length);
  const signed = told
    .flat()
    .filter((line) => line.startsWith('signed'))
    .map((line) => Number(line.split(' ')[1]));
  expect(signed.toSorted((one, other) => one - other)).toEqual(sizes);

  const { size } = await store.head();
  expect(size).toBe(1 + processes * decisions + sizes.length);
  // Nothing but checkpoints stands behind what the last one covers.
  expect(size - (sizes.at(-1) as number)).toBeLessThanOrEqual(processes);
  const trust = { checkpoints: [], verifierKeys: [pair.verifierKey] };
  const report = await verifyLedger(store, { deep: true, trust });
  expect(report).toMatchObject({ ok: true, checkpoints: sizes.length, problems: [] });
  expect(report.nothingAltered.verdict).toBe('yes');
}, 60_000);
