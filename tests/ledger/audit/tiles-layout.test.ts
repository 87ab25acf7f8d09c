import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEntryBundle, encodeEntryBundle } from '../../../src/ledger/audit/entry-bundle.ts';
import { levelsOf, tilePath, tilesOfLevel } from '../../../src/ledger/audit/tile-path.ts';

describe('the path of a tile', () => {
  test.each([
    [0, 0, 256, 'tile/0/000'],
    [0, 999, 256, 'tile/0/999'],
    [1, 1000, 256, 'tile/1/x001/000'],
    [0, 1_234_067, 256, 'tile/0/x001/x234/067'],
    [63, 12_345, 7, 'tile/63/x012/345.p/7'],
    ['entries', 273, 112, 'tile/entries/273.p/112'],
    ['entries', 273, 256, 'tile/entries/273'],
  ] as const)('of level %s, index %i, width %i is %s', (level, index, width, path) => {
    expect(tilePath({ level, index, width })).toBe(path);
  });
});

describe('the tiles of a tree', () => {
  const shape = (size: number) =>
    levelsOf(size).map((level) => {
      const tiles = tilesOfLevel(level, size);
      const last = tiles.at(-1)?.width;
      return last === 256 ? [tiles.length, 0] : [tiles.length - 1, last];
    });

  /** Full tiles and width of the partial one, per level. The last two are the examples of the C2SP tlog-tiles. */
  test.each([
    [0, []],
    [1, [[0, 1]]],
    [255, [[0, 255]]],
    [
      257,
      [
        [1, 1],
        [0, 1],
      ],
    ],
    [
      65_535,
      [
        [255, 255],
        [0, 255],
      ],
    ],
    [
      65_536,
      [
        [256, 0],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      256,
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      70_000,
      [
        [273, 112],
        [1, 17],
        [0, 1],
      ],
    ],
  ])('of %i records', (size, expected) => {
    expect(shape(size)).toEqual(expected);
  });
});

describe('an entry bundle', () => {
  test('has each record behind its big-endian length', () => {
    const bundle = encodeEntryBundle([Buffer.from('ab'), Buffer.from(''), Buffer.alloc(258, 'x')]);
    expect(Buffer.from(bundle).toString('hex')).toBe(`00026162${'0000'}0102${'78'.repeat(258)}`);
  });

  test('comes back as it was, and is refused when its lengths do not add up', () => {
    const entries = fc.array(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(entries, fc.nat(), (given, at) => {
        const bundle = encodeEntryBundle(given);
        expect(decodeEntryBundle(bundle)).toEqual(given);
        const cut = decodeEntryBundle(bundle.subarray(0, at % bundle.length));
        expect(cut === undefined || cut.length < given.length).toBe(true);
        expect(decodeEntryBundle(Buffer.concat([bundle, Buffer.from([0])]))).toBeUndefined();
      }),
    );
  });

  test('holds records of up to 65,535 bytes', () => {
    expect(decodeEntryBundle(encodeEntryBundle([Buffer.alloc(65_535)]))?.[0]?.length).toBe(65_535);
    expect(() => encodeEntryBundle([Buffer.alloc(65_536)])).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});
