import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { CheckpointMemory } from '../../../src/ledger/audit/checkpoint-memory.ts';
import { continues } from '../../../src/ledger/audit/continues.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { safeFileName } from '../../../src/ledger/audit/safe-file-name.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { record, request } from '../record-factory.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const name = 'example.com/ledger';
const signer = parseSigningKey(signingKeyFromSeed(name, Buffer.alloc(32, 1)).signingKey);

async function headAt(size: number) {
  const store = openMemoryStore();
  for (let index = 0; index < size; index += 1) await store.append(request('a', index - 1, [record(index)]));
  return store.head();
}

async function checkpointAt(size: number) {
  const head = await headAt(size);
  return { ...head, note: signCheckpoint({ ...head, origin: name, extensions: [] }, signer) };
}

describe('remembered checkpoints', () => {
  test('only go forward, keep the newest, and are files that others can read', async () => {
    const directory = join(temporaryDirectory(), 'checkpoints');
    const memory = new CheckpointMemory(directory);
    expect(await memory.newest(name)).toBeNull();
    for (const size of [3, 7, 5, 7]) await memory.remember(name, await checkpointAt(size));
    const expected = await checkpointAt(7);
    expect(await memory.newest(name)).toMatchObject({ size: 7, origin: name, note: expected.note });
    expect((await memory.newest(name))?.roots).toEqual(expected.roots);
    const files = join(directory, safeFileName(name));
    expect(readdirSync(files).sort()).toEqual(['0000000000000007', '0000000000000007.tree']);
    expect(statSync(join(files, '0000000000000007')).mode & 0o777).toBe(0o600);
    expect(statSync(files).mode & 0o777).toBe(0o700);
  });

  test('come to the largest when many remember at the same time', async () => {
    const directory = temporaryDirectory();
    const checkpoints = await Promise.all(Array.from({ length: 30 }, (_, size) => checkpointAt(size + 1)));
    await Promise.all(
      checkpoints.map((checkpoint) => new CheckpointMemory(directory).remember(name, checkpoint)),
    );
    expect((await new CheckpointMemory(directory).newest(name))?.size).toBe(30);
  });

  test('need no signature', async () => {
    const memory = new CheckpointMemory(temporaryDirectory());
    const head = await headAt(4);
    await memory.remember('unsigned/x', { ...head, note: null });
    expect(await memory.newest('unsigned/x')).toMatchObject({ size: 4, note: null, origin: 'unsigned/x' });
  });

  test('survive what a killed process left half written', async () => {
    const directory = temporaryDirectory();
    const files = join(directory, safeFileName(name));
    mkdirSync(files, { recursive: true });
    // No process has this number: the largest that Linux gives is 2^22.
    writeFileSync(join(files, '.writing-999999999-1'), 'example.com/led');
    writeFileSync(join(files, '0000000000000009.tree'), 'never got its checkpoint');
    const memory = new CheckpointMemory(directory);
    expect(await memory.newest(name)).toBeNull();
    await memory.remember(name, await checkpointAt(5));
    expect((await memory.newest(name))?.size).toBe(5);
    expect(readdirSync(files)).not.toContain('.writing-999999999-1');
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['empty', ''],
    ['cut off', 'example.com/ledger\n5'],
    ['of another size', 'example.com/ledger\n6\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
    ['with a root that is none', 'example.com/ledger\n5\nAAAA\n'],
    [
      'with control characters',
      'example.com/ledger\u0007\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n',
    ],
  ];
  test.for(hostile)('that are %s are refused, with the file named', async ([, text]) => {
    const directory = temporaryDirectory();
    const files = join(directory, safeFileName(name));
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, '0000000000000005'), text);
    await expect(new CheckpointMemory(directory).newest(name)).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringContaining('0000000000000005'),
    });
  });

  test('that are huge are not read', async () => {
    const directory = temporaryDirectory();
    const files = join(directory, safeFileName(name));
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, '0000000000000005'), 'x'.repeat(100_000));
    await expect(new CheckpointMemory(directory).newest(name)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    });
  });
});

describe('names of origins as files', () => {
  test('lead nowhere else, and no two to the same place', () => {
    const names = [
      '..',
      '.',
      'a/b',
      'a%2fb',
      '/etc/passwd',
      'a\\b',
      'Ω',
      'x'.repeat(300),
      `${'x'.repeat(299)}y`,
    ];
    const safe = names.map(safeFileName);
    expect(new Set(safe).size).toBe(names.length);
    for (const file of safe) {
      expect(file).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]*$/);
      expect(file.length).toBeLessThan(200);
    }
  });
});

describe('a ledger continues an earlier head', () => {
  test('when its first records are the same, whether or not the tree of then is known', async () => {
    const store = openMemoryStore();
    for (let index = 0; index < 21; index += 1) await store.append(request('a', index - 1, [record(index)]));
    for (const size of [0, 1, 8, 13, 20, 21]) {
      const head = await headAt(size);
      expect(await continues(store, head), `${size}`).toBe(true);
      expect(await continues(store, { ...head, roots: null }), `${size}`).toBe(true);
    }
    expect(await continues(store, await headAt(22))).toBe(false);
  });

  test('and not when one of them is another', async () => {
    const store = openMemoryStore();
    for (let index = 0; index < 21; index += 1) {
      await store.append(request('a', index - 1, [record(index, index === 5 ? 'forged' : undefined)]));
    }
    for (const size of [6, 13, 21]) {
      const head = await headAt(size);
      expect(await continues(store, head), `${size}`).toBe(false);
      expect(await continues(store, { ...head, roots: null }), `${size}`).toBe(false);
    }
    expect(await continues(store, await headAt(5))).toBe(true);
  });
});
