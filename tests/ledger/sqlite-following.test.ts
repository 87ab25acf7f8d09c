import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('a reader in another process sees every record of a ledger being written, once and in order', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./appending-process.ts', import.meta.url)), path, 'following'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    const store = await openSqliteStore({ path, mode: 'read', pollMs: 5 });
    const stop = new AbortController();
    const revisions = new Map<string, number>();
    let next = 0;
    for await (const record of store.subscribe(0, stop.signal)) {
      expect(record.position).toBe(next);
      next += 1;
      expect(record.revision).toBe((revisions.get(record.stream) ?? -1) + 1);
      revisions.set(record.stream, record.revision);
      if (next === 2000) stop.abort();
    }
    expect(revisions.size).toBe(8);
    await store.close();
  } finally {
    child.stdout.resume();
    child.kill('SIGKILL');
    await exited;
  }
});

test('a reader in the same process follows what the writer appends', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const writer = await openSqliteStore({ path, mode: 'write' });
  const reader = await openSqliteStore({ path, mode: 'read', pollMs: 1 });
  const stop = new AbortController();
  const following = (async () => {
    const seen: number[] = [];
    for await (const { position } of reader.subscribe(0, stop.signal)) {
      seen.push(position);
      if (position === 99) stop.abort();
    }
    return seen;
  })();
  for (let index = 0; index < 100; index += 1) {
    const id = `01J8XK3QZV${index.toString().padStart(16, '0')}` as never;
    const records = [{ id, bytes: Buffer.from(`${index}`) }];
    await writer.append({ stream: 'test-a' as never, expectedRevision: index - 1, records, blobs: [] });
  }
  expect(await following).toEqual(Array.from({ length: 100 }, (_, index) => index));
  await reader.close();
  await writer.close();
});
