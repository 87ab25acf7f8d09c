import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { firstDifference } from '../../../src/ledger/audit/first-difference.ts';
import { TilesWriter } from '../../../src/ledger/audit/tiles-writer.ts';
import type { EventStore, StoredRecord } from '../../../src/ledger/event-store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { filesBelow } from './file-tree.ts';
import { signedAt, toyKey, toyStore } from './toy-log.ts';

const size = 600;
const store = await toyStore(size + 50);
const verifierKeys = [toyKey.verifierKey];

async function published(of = size): Promise<string> {
  const directory = temporaryDirectory();
  const writer = await TilesWriter.open(store, directory);
  await writer.update({ signed: await signedAt(store, of), verifierKeys, sizes: [] });
  return directory;
}

/** The same store, with what is read from it changed on the way. */
function reading(change: (record: StoredRecord) => StoredRecord | null): Pick<EventStore, 'readAll'> {
  return {
    async *readAll() {
      for await (const record of store.readAll()) {
        const changed = change(record);
        if (changed !== null) yield changed;
      }
    },
  };
}

const difference = async (from: Pick<EventStore, 'readAll'>, directory: string) =>
  (await firstDifference(from, directory, verifierKeys)).difference;

describe('a ledger and its tiles', () => {
  test.each([0, 1, 256, 600])('agree at %i records, however many more the ledger has', async (of) => {
    const report = await firstDifference(store, await published(of), verifierKeys);
    expect(report).toEqual({ size: of, difference: null });
  });

  test('agree when partial tiles are gone because the full ones have come', async () => {
    const directory = await published(300);
    const writer = await TilesWriter.open(store, directory);
    const note = readFileSync(join(directory, 'checkpoint'));
    await writer.update({ signed: await signedAt(store, 600), verifierKeys, sizes: [] });
    writeFileSync(join(directory, 'checkpoint'), note);
    expect(await firstDifference(store, directory, verifierKeys)).toEqual({ size: 300, difference: null });
  });

  test('differ at the first of the records that were altered', async () => {
    const directory = await published();
    const altered = reading((record) =>
      [307, 400].includes(record.position) ? { ...record, bytes: Buffer.from('other') } : record,
    );
    expect(await difference(altered, directory)).toEqual({
      position: 307,
      message: 'Record 307 of the ledger is not the one in tile/entries/001.',
    });
  });

  test('differ where a stored leaf was altered', async () => {
    const altered = reading((record) =>
      record.position === 599 ? { ...record, leaf: new Uint8Array(32) } : record,
    );
    expect(await difference(altered, await published())).toEqual({
      position: 599,
      message: 'The stored leaf of record 599 is not that of its bytes: the ledger was altered.',
    });
  });

  test('differ where a record is missing, and where the ledger ends early', async () => {
    const directory = await published();
    expect(
      await difference(
        reading((record) => (record.position === 256 ? null : record)),
        directory,
      ),
    ).toEqual({
      position: 256,
      message: 'Record 256 is missing from the ledger; it is in tile/entries/001.',
    });
    expect(
      await difference(
        reading((record) => (record.position < 590 ? record : null)),
        directory,
      ),
    ).toEqual({
      position: 590,
      message: 'The ledger ends before record 590; the tiles have 600 records.',
    });
  });

  test('differ where the ledger cannot be read', async () => {
    const damaged = reading((record) => {
      if (record.position < 17) return record;
      throw new PawlError('LEDGER_CORRUPT', 'Page 9 is damaged.');
    });
    expect(await difference(damaged, await published())).toEqual({
      position: 17,
      message: 'Page 9 is damaged.',
    });
    const failing = reading(() => {
      throw new PawlError('STORAGE_FAILED', 'The disk is gone.');
    });
    await expect(difference(failing, await published())).rejects.toThrow('The disk is gone.');
  });

  test('differ wherever a byte of any tile is flipped, or a tile is cut, longer or gone', {
    timeout: 60_000,
  }, async () => {
    const directory = await published();
    for (const path of filesBelow(directory).filter((name) => name !== 'checkpoint')) {
      const copy = join(temporaryDirectory(), 'copy');
      cpSync(directory, copy, { recursive: true });
      const file = join(copy, path);
      const good = readFileSync(file);
      const step = Math.ceil(good.length / 12);
      const damages: [string, Buffer | null][] = [
        ['gone', null],
        ['cut', good.subarray(0, -1)],
        ['longer', Buffer.concat([good, Buffer.from([0])])],
      ];
      for (let at = 0; at < good.length; at += step) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ 0x10;
        damages.push([`flipped at ${at}`, bad]);
      }
      for (const [what, bytes] of damages) {
        if (bytes === null) rmSync(file);
        else writeFileSync(file, bytes);
        const found = await difference(store, copy);
        expect(found, `${path} ${what}`).not.toBeNull();
        // The record that is named lies under the tile that is damaged; a tile above the leaves has none of its own.
        const tile = Number(/00([0-2])/.exec(path)?.[1]);
        if (path.startsWith('tile/1')) expect(found?.position).toBeNull();
        else expect(Math.floor((found?.position ?? -1) / 256), `${path} ${what}`).toBe(tile);
      }
    }
  });

  test('differ when the checkpoint is signed and not of these records', async () => {
    const directory = await published();
    const other = await toyStore(size, (number) => `other ${number}`);
    writeFileSync(join(directory, 'checkpoint'), (await signedAt(other, size)).note);
    expect(await difference(store, directory)).toEqual({
      position: null,
      message:
        'The records of ledger and tiles agree, and do not lead to the root of the published checkpoint.',
    });
  });

  test('are not compared where the directory is not published under a key of the ledger', async () => {
    const directory = await published();
    const tilesDiffer = expect.objectContaining({ code: 'TILES_DIFFER' });
    await expect(firstDifference(store, directory, [])).rejects.toThrow(tilesDiffer);
    await expect(firstDifference(store, temporaryDirectory(), verifierKeys)).rejects.toThrow(tilesDiffer);
  });
});
