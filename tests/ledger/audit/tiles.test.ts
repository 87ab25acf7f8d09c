import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { consistencyProof } from '../../../src/ledger/audit/consistency-proof.ts';
import { decodeEntryBundle } from '../../../src/ledger/audit/entry-bundle.ts';
import { inclusionProof } from '../../../src/ledger/audit/inclusion-proof.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { StoreTree } from '../../../src/ledger/audit/store-tree.ts';
import { openTiles } from '../../../src/ledger/audit/tiles-tree.ts';
import { TilesWriter } from '../../../src/ledger/audit/tiles-writer.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { filesBelow, identities } from './file-tree.ts';
import { hex, naiveRoot } from './naive-tree.ts';
import { appendToy, signedAt, toyKey, toyOrigin, toyStore } from './toy-log.ts';

const store = await toyStore(1100);
const verifierKeys = [toyKey.verifierKey];
const tilesDiffer = (message: RegExp) =>
  expect.objectContaining({ code: 'TILES_DIFFER', message: expect.stringMatching(message) });

async function publish(
  directory: string,
  size: number,
  from: EventStore = store,
  sizes: readonly number[] = [],
) {
  const writer = await TilesWriter.open(from, directory);
  return writer.update({ signed: await signedAt(from, size), verifierKeys, sizes });
}

describe('a directory of tiles', () => {
  test.each([
    [0, ['checkpoint']],
    [1, ['checkpoint', 'tile/0/000.p/1', 'tile/entries/000.p/1']],
    [256, ['checkpoint', 'tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']],
    [
      600,
      [
        'checkpoint',
        ...['tile/0/000', 'tile/0/001', 'tile/0/002.p/88', 'tile/1/000.p/2'],
        ...['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/88'],
      ],
    ],
  ])('of %i records has exactly these files', async (size, files) => {
    const directory = join(temporaryDirectory(), 'tiles');
    const update = await publish(directory, size);
    expect(filesBelow(directory)).toEqual(files);
    expect(update).toEqual({ from: 0, size, written: files.length - 1 });
    expect(readFileSync(join(directory, 'checkpoint'), 'utf8')).toBe((await signedAt(store, size)).note);
  });

  test('holds records, leaves and roots of full tiles', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    const read = (path: string) => readFileSync(join(directory, path));
    const entries = ['000', '001', '002.p/88'].flatMap(
      (name) => decodeEntryBundle(read(`tile/entries/${name}`)) ?? [],
    );
    expect(entries.map(String)).toEqual(Array.from({ length: 600 }, (_, index) => `record ${index}`));
    const leaves = entries.map(leafHash);
    expect(['000', '001', '002.p/88'].map((name) => read(`tile/0/${name}`).toString('hex')).join('')).toBe(
      leaves.map(hex).join(''),
    );
    expect(read('tile/1/000.p/2').toString('hex')).toBe(
      hex(naiveRoot(leaves.slice(0, 256))) + hex(naiveRoot(leaves.slice(256, 512))),
    );
  });

  test('grows: full tiles are never written again, the checkpoint moves on', async () => {
    const directory = temporaryDirectory();
    const sizes = [0, 3, 255, 256, 300, 301, 512, 700, 1100];
    let before = identities(directory);
    for (const size of sizes) {
      await publish(directory, size);
      const after = identities(directory);
      for (const [path, identity] of before) {
        if (path !== 'checkpoint' && !path.includes('.p/')) expect(after.get(path), path).toBe(identity);
      }
      expect((await openTiles(directory, verifierKeys)).published.checkpoint.size).toBe(size);
      before = after;
    }
    const atOnce = temporaryDirectory();
    await publish(atOnce, 1100);
    // Level 1 had four hashes and fewer before: those partial tiles stay for readers of older checkpoints.
    const others = filesBelow(directory).filter((path) => !filesBelow(atOnce).includes(path));
    expect(others).toEqual(['tile/1/000.p/1', 'tile/1/000.p/2']);
    for (const path of filesBelow(atOnce)) {
      expect(readFileSync(join(directory, path)).equals(readFileSync(join(atOnce, path))), path).toBe(true);
    }
  });

  test('has partial tiles for every checkpoint, until the full ones are there', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 300, store, [10, 280, 290, 300, 310]);
    const partial = () =>
      filesBelow(directory).filter((path) => path.includes('.p/') && !path.startsWith('tile/1'));
    const names = (level: string, ...widths: number[]) =>
      widths.map((width) => `tile/${level}/001.p/${width}`);
    expect(partial()).toEqual([...names('0', 24, 34, 44), ...names('entries', 24, 34, 44)]);
    await publish(directory, 310, store, [10, 280, 290, 300, 310]);
    expect(partial()).toEqual([...names('0', 24, 34, 44, 54), ...names('entries', 24, 34, 44, 54)]);
    await publish(directory, 520, store, [300, 310, 511]);
    expect(partial()).toEqual(['tile/0/002.p/8', 'tile/entries/002.p/8']);
  });

  test('is left alone when there is nothing new, with whatever signatures its checkpoint carries', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    const cosigned = `${readFileSync(join(directory, 'checkpoint'), 'utf8')}— witness.example AAAAAAAA\n`;
    writeFileSync(join(directory, 'checkpoint'), cosigned);
    const before = identities(directory);
    expect(await publish(directory, 600)).toEqual({ from: 600, size: 600, written: 0 });
    expect(await publish(directory, 500)).toEqual({ from: 600, size: 600, written: 0 });
    expect(identities(directory)).toEqual(before);
  });

  test('goes on under a new key of the same ledger', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 300);
    const newKey = signingKeyFromSeed(toyOrigin, new Uint8Array(32).fill(12));
    const writer = await TilesWriter.open(store, directory);
    const keys = [...verifierKeys, newKey.verifierKey];
    const signed = await signedAt(store, 400, newKey);
    expect(await writer.update({ signed, verifierKeys: keys, sizes: [] })).toEqual({
      from: 300,
      size: 400,
      written: 2,
    });
    await expect(openTiles(directory, verifierKeys)).rejects.toThrow(
      tilesDiffer(/not a checkpoint of this ledger/),
    );
    expect((await openTiles(directory, keys)).published.verifierKey).toBe(newKey.verifierKey);
  });

  test('follows a ledger with one writer', async () => {
    const directory = temporaryDirectory();
    const growing = await toyStore(0);
    const writer = await TilesWriter.open(growing, directory);
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 257],
      [257, 257],
      [257, 900],
    ] as const) {
      await appendToy(growing, from, to);
      await writer.update({ signed: await signedAt(growing, to), verifierKeys, sizes: [] });
      const { published, tree } = await openTiles(directory, verifierKeys);
      expect([published.checkpoint.size, tree.size]).toEqual([to, to]);
    }
  });

  test('gives the same proofs as the ledger, also for smaller trees', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 1100);
    const { tree } = await openTiles(directory, verifierKeys);
    const own = await StoreTree.read(store, 1100);
    for (const [index, size] of [
      [0, 1],
      [0, 1100],
      [255, 256],
      [256, 257],
      [700, 1000],
      [1099, 1100],
    ] as const) {
      expect(await inclusionProof(tree, index, size)).toEqual(await inclusionProof(own, index, size));
    }
    for (const [oldSize, size] of [
      [1, 1100],
      [256, 600],
      [300, 1025],
      [1024, 1100],
    ] as const) {
      expect(await consistencyProof(tree, oldSize, size)).toEqual(await consistencyProof(own, oldSize, size));
    }
  });

  test('of more than 65,536 records has three levels and is read by all of them', {
    timeout: 60_000,
  }, async () => {
    const many = await toyStore(66_000);
    const directory = temporaryDirectory();
    await publish(directory, 65_000, many);
    expect(await publish(directory, 66_000, many)).toEqual({ from: 65_000, size: 66_000, written: 13 });
    const { tree } = await openTiles(directory, verifierKeys);
    const own = await StoreTree.read(many, 66_000);
    expect(filesBelow(join(directory, 'tile/2'))).toEqual(['000.p/1']);
    expect(filesBelow(join(directory, 'tile/1'))).toEqual(['000', '001.p/1']);
    for (const index of [0, 65_535, 65_536, 65_999]) {
      expect(await inclusionProof(tree, index, 66_000)).toEqual(await inclusionProof(own, index, 66_000));
    }
  });
});

describe('a directory of tiles of another history is refused and left as it is', async () => {
  async function refuses(
    directory: string,
    from: EventStore,
    size: number,
    message: RegExp,
    keys = verifierKeys,
  ) {
    const before = identities(directory);
    const writer = await TilesWriter.open(from, directory);
    const signed = await signedAt(from, size);
    await expect(writer.update({ signed, verifierKeys: keys, sizes: [] })).rejects.toThrow(
      tilesDiffer(message),
    );
    expect(identities(directory)).toEqual(before);
  }
  const altered = await toyStore(1100, (number) => (number === 77 ? 'other' : `record ${number}`));

  test('when a record of the ledger is another one', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    await refuses(
      directory,
      altered,
      700,
      /The first 600 records of the ledger are not those in .*`pawl verify --tiles/,
    );
    await refuses(directory, altered, 600, /The first 600 records/);
    await refuses(directory, altered, 500, /The first 600 records/);
  });

  test('when the ledger is shorter', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    await refuses(directory, await toyStore(599), 599, /holds 600 records, and the ledger has fewer/);
  });

  test('when its checkpoint is of another key, altered, or not one', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    const other = signingKeyFromSeed(toyOrigin, new Uint8Array(32).fill(99));
    await refuses(directory, store, 700, /checkpoint is not a checkpoint of this ledger/, [
      other.verifierKey,
    ]);
    const note = readFileSync(join(directory, 'checkpoint'), 'utf8');
    for (const text of [note.replace('600', '601'), '', 'hello\n']) {
      writeFileSync(join(directory, 'checkpoint'), text);
      await refuses(directory, store, 700, /checkpoint is not a checkpoint of this ledger/);
    }
  });

  test('when a tile that would be written is there with other bytes', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 300);
    for (const path of ['tile/0/001', 'tile/entries/001', 'tile/0/002.p/88', 'tile/1/000.p/2']) {
      const copy = join(temporaryDirectory(), 'copy');
      cpSync(directory, copy, { recursive: true, preserveTimestamps: true });
      mkdirSync(join(copy, path, '..'), { recursive: true });
      writeFileSync(join(copy, path), 'something else');
      const writer = await TilesWriter.open(store, copy);
      const target = { signed: await signedAt(store, 600), verifierKeys, sizes: [] };
      await expect(writer.update(target)).rejects.toThrow(tilesDiffer(/is there and holds something else/));
      // What was published before is still what is published, and whole.
      expect((await openTiles(copy, verifierKeys)).published.checkpoint.size).toBe(300);
      expect(readFileSync(join(copy, path), 'utf8')).toBe('something else');
    }
  });

  test('when it is published by something else meanwhile', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 300);
    const interfering: EventStore = Object.create(store, {
      readAll: {
        value: async function* (from?: number) {
          writeFileSync(join(directory, 'checkpoint'), (await signedAt(store, 1000)).note);
          yield* store.readAll(from);
        },
      },
    });
    const writer = await TilesWriter.open(interfering, directory);
    const target = { signed: await signedAt(store, 600), verifierKeys, sizes: [] };
    await expect(writer.update(target)).rejects.toThrow(tilesDiffer(/Something else publishes into/));
    expect(readFileSync(join(directory, 'checkpoint'), 'utf8')).toContain('\n1000\n');
  });

  test('and so are damaged tiles, when they are opened', async () => {
    const directory = temporaryDirectory();
    await publish(directory, 600);
    const tile = join(directory, 'tile/0/002.p/88');
    const good = readFileSync(tile);
    const bad = Buffer.from(good);
    bad[100] = (bad[100] ?? 0) ^ 1;
    for (const [bytes, message] of [
      [bad, /do not lead to the root of their checkpoint/],
      [good.subarray(1), /has 2815 bytes instead of 2816/],
    ] as const) {
      writeFileSync(tile, bytes);
      await expect(openTiles(directory, verifierKeys)).rejects.toThrow(tilesDiffer(message));
    }
    rmSync(tile);
    await expect(openTiles(directory, verifierKeys)).rejects.toThrow(tilesDiffer(/002\.p\/88 is missing/));
    await expect(openTiles(temporaryDirectory(), verifierKeys)).rejects.toThrow(
      tilesDiffer(/holds no checkpoint/),
    );
  });
});

describe('a ledger that is not what its checkpoint says is not published', () => {
  const corrupt = expect.objectContaining({ code: 'LEDGER_CORRUPT' });

  test('when the roots differ', async () => {
    const directory = temporaryDirectory();
    const altered = await toyStore(600, (number) => (number === 5 ? 'other' : `record ${number}`));
    const writer = await TilesWriter.open(altered, directory);
    const target = { signed: await signedAt(store, 600), verifierKeys, sizes: [] };
    await expect(writer.update(target)).rejects.toThrow(corrupt);
    expect(filesBelow(directory)).toEqual([]);
  });

  test('when the bytes of a record do not hash to its leaf', async () => {
    const directory = temporaryDirectory();
    const altered: EventStore = Object.create(store, {
      readAll: {
        value: async function* (from?: number) {
          for await (const record of store.readAll(from)) {
            yield record.position === 400 ? { ...record, bytes: Buffer.from('other') } : record;
          }
        },
      },
    });
    const writer = await TilesWriter.open(altered, directory);
    const target = { signed: await signedAt(store, 600), verifierKeys, sizes: [] };
    await expect(writer.update(target)).rejects.toThrow(/record 400 does not hash to its leaf/);
    expect(filesBelow(directory).filter((path) => path === 'checkpoint')).toEqual([]);
  });
});
