import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from '../../../src/ledger/audit/checkpoint.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { emptyRoot } from '../../../src/ledger/audit/tree-hash.ts';

/** The text of the example in the C2SP tlog-checkpoint. */
const exampleText = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const example: Checkpoint = {
  origin: 'example.com/behind-the-sofa',
  size: 20852163,
  root: Buffer.from('0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62', 'hex'),
  extensions: [],
};
const key = signingKeyFromSeed(example.origin, new Uint8Array(32).fill(5));
const signer = parseSigningKey(key.signingKey);
const refused = expect.objectContaining({ code: 'CHECKPOINT_INVALID' });

describe('a checkpoint', () => {
  test('is the text of the specification', () => {
    expect(formatCheckpoint(example)).toBe(exampleText);
    expect(parseCheckpoint(exampleText)).toEqual(example);
  });

  test('of an empty ledger has the root of an empty tree, and no other', () => {
    const empty = { ...example, size: 0, root: emptyRoot() };
    expect(formatCheckpoint(empty)).toBe(
      'example.com/behind-the-sofa\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    );
    expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
    expect(() => formatCheckpoint({ ...example, size: 0 })).toThrow(refused);
  });

  test('comes back as it was, for any origin, size, root and extensions', () => {
    const line = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => [...text].every((c) => c >= ' '));
    fc.assert(
      fc.property(
        fc.record({
          origin: line,
          size: fc.maxSafeNat().filter((size) => size > 0),
          root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
          extensions: fc.array(line, { maxLength: 3 }),
        }),
        (checkpoint) => {
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
          const note = signCheckpoint(checkpoint, signer);
          expect(openCheckpoint(note, key.verifierKey, checkpoint.origin)).toEqual(checkpoint);
        },
      ),
    );
  });

  const [origin = '', size = '', root = ''] = exampleText.split('\n');
  test.each([
    ['nothing', ''],
    ['no final newline', exampleText.slice(0, -1)],
    ['two lines', `${origin}\n${size}\n`],
    ['no origin', exampleText.replace(origin, '')],
    ['no size', exampleText.replace(size, '')],
    ['a leading zero', exampleText.replace(size, `0${size}`)],
    ['two zeroes for a size', `${origin}\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`],
    ['a sign', exampleText.replace(size, `+${size}`)],
    ['a negative size', exampleText.replace(size, `-${size}`)],
    ['a hexadecimal size', exampleText.replace(size, '0x10')],
    ['a fraction', exampleText.replace(size, '1.0')],
    ['an exponent', exampleText.replace(size, '1e3')],
    ['a space before the size', exampleText.replace(size, ` ${size}`)],
    ['digits of another script', exampleText.replace(size, '٣')],
    ['a size that no number holds exactly', exampleText.replace(size, '9007199254740992')],
    ['a short root', exampleText.replace(root, 'AAAA')],
    ['a root without padding', exampleText.replace('=', '')],
    ['a root with unused bits', exampleText.replace('q2I=', 'q2J=')],
    ['an empty extension', `${exampleText}\n`],
    ['an empty line before an extension', `${exampleText}\nx\n`],
    ['a carriage return', exampleText.replaceAll('\n', '\r\n')],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(exampleText);
    expect(() => parseCheckpoint(text)).toThrow(refused);
  });

  test('is not made of parts that would read differently', () => {
    for (const parts of [
      { origin: '' },
      { origin: 'a\nb' },
      { origin: 'a\n1' },
      { origin: 'a\tb' },
      { size: -1 },
      { size: 1.5 },
      { size: Number.NaN },
      { size: 2 ** 53 },
      { root: new Uint8Array(31) },
      { extensions: [''] },
      { extensions: ['a\nb'] },
    ]) {
      expect(() => formatCheckpoint({ ...example, ...parts }), JSON.stringify(parts)).toThrow(refused);
    }
  });

  test('opens for its key and its origin only', () => {
    const note = signCheckpoint(example, signer);
    expect(openCheckpoint(note, key.verifierKey)).toEqual(example);
    expect(() => openCheckpoint(note, key.verifierKey, 'example.com/other')).toThrow(
      /one of "example.com\/other" was expected/,
    );
    const other = signingKeyFromSeed(example.origin, new Uint8Array(32).fill(6));
    expect(() => openCheckpoint(note, other.verifierKey)).toThrow(refused);
    expect(() => openCheckpoint(note, 'example.com/behind-the-sofa')).toThrow(
      expect.objectContaining({ code: 'SIGNING_KEY_INVALID' }),
    );
  });

  test('is of the origin that its key is named after, unless told otherwise', () => {
    const elsewhere = signCheckpoint({ ...example, origin: 'example.com/elsewhere' }, signer);
    expect(() => openCheckpoint(elsewhere, key.verifierKey)).toThrow(refused);
    expect(openCheckpoint(elsewhere, key.verifierKey, 'example.com/elsewhere').origin).toBe(
      'example.com/elsewhere',
    );
  });
});
