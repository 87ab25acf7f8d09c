import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { consistencyProof } from '../../../src/ledger/audit/consistency-proof.ts';
import {
  formatConsistency,
  parseConsistency,
  verifyConsistencyText,
} from '../../../src/ledger/audit/consistency-text.ts';
import { inclusionProof } from '../../../src/ledger/audit/inclusion-proof.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { StoreTree } from '../../../src/ledger/audit/store-tree.ts';
import { rootAt } from '../../../src/ledger/audit/subtree-hashes.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../../../src/ledger/audit/tlog-proof.ts';
import { hex, leafSource, someLeaves } from './naive-tree.ts';

/** The example of the C2SP tlog-witness protocol, word for word. */
const exampleRequest = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;

const leaves = someLeaves(40);
const tree = await StoreTree.read(leafSource(leaves), leaves.length);
const key = signingKeyFromSeed('ledger.example/proofs', new Uint8Array(32).fill(3));
const signer = parseSigningKey(key.signingKey);
const checkpointAt = async (size: number) =>
  signCheckpoint(
    { origin: key.verifierKey.split('+')[0] ?? '', size, root: await rootAt(tree, size), extensions: [] },
    signer,
  );
const leafOf = (index: number) => leaves[index] as Uint8Array;
const refused = expect.objectContaining({ code: 'PROOF_INVALID' });
const refusedSomehow = expect.objectContaining({
  code: expect.stringMatching(/^(PROOF|CHECKPOINT)_INVALID$/),
});

const proofOf = async (index: number, size: number, extra: Uint8Array | null = null) =>
  formatTlogProof({
    index,
    hashes: await inclusionProof(tree, index, size),
    extra,
    checkpoint: await checkpointAt(size),
  });
const consistencyOf = async (oldSize: number, size: number) =>
  formatConsistency({
    oldSize,
    hashes: await consistencyProof(tree, oldSize, size),
    checkpoint: await checkpointAt(size),
  });

/** Every flipped bit, every dropped byte and every cut of a text. */
function* alterations(text: string): Generator<[string, Uint8Array]> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      yield [`bit ${bit} of byte ${at}`, flipped];
    }
    yield [`without byte ${at}`, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])];
    yield [`cut at ${at}`, bytes.subarray(0, at)];
  }
}

describe('a tlog-proof', async () => {
  test('has the lines of the specification', async () => {
    const text = await proofOf(2, 3, Buffer.from('page'));
    const [sibling] = await inclusionProof(tree, 2, 3);
    const note = await checkpointAt(3);
    expect(text).toBe(
      `c2sp.org/tlog-proof@v1\nextra cGFnZQ==\nindex 2\n${Buffer.from(sibling ?? []).toString('base64')}\n\n${note}`,
    );
  });

  test('proves every record of trees of many sizes, and nothing else', async () => {
    for (const size of [1, 2, 3, 16, 17, 40]) {
      for (let index = 0; index < size; index += 1) {
        const text = await proofOf(index, size);
        const proved = verifyTlogProof(text, leafOf(index), key.verifierKey);
        expect([proved.index, proved.checkpoint.size]).toEqual([index, size]);
        const other = leafOf((index + 1) % 40);
        expect(() => verifyTlogProof(text, other, key.verifierKey)).toThrow(refused);
      }
    }
  });

  test('comes back as it was', async () => {
    const checkpoint = await checkpointAt(5);
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const extra = fc.option(
      fc.uint8Array({ minLength: 1, maxLength: 99 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(hash, { maxLength: 63 }), extra, (index, hashes, data) => {
        const proof = { index, hashes, extra: data, checkpoint };
        expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
      }),
    );
  });

  test('with any one byte altered, dropped or cut proves nothing', async () => {
    const text = await proofOf(4, 7);
    for (const [what, altered] of alterations(text)) {
      expect(() => verifyTlogProof(altered, leafOf(4), key.verifierKey), what).toThrow(refusedSomehow);
    }
  });

  test('is of the ledger whose key and origin one has, or refused', async () => {
    const text = await proofOf(4, 7);
    const other = signingKeyFromSeed('ledger.example/proofs', new Uint8Array(32).fill(4));
    expect(() => verifyTlogProof(text, leafOf(4), other.verifierKey)).toThrow(refusedSomehow);
    expect(() => verifyTlogProof(text, leafOf(4), key.verifierKey, 'ledger.example/other')).toThrow(
      refusedSomehow,
    );
  });

  const good = await proofOf(4, 7, Buffer.from('x'));
  test.each([
    ['nothing', ''],
    ['another version', good.replace('@v1', '@v2')],
    ['no first line', good.slice(good.indexOf('\n') + 1)],
    ['a carriage return', good.replace('\n', '\r\n')],
    ['no index', good.replace(/index 4\n/, '')],
    ['an index with a leading zero', good.replace('index 4', 'index 04')],
    ['a negative index', good.replace('index 4', 'index -4')],
    ['an index that no number holds', good.replace('index 4', 'index 9007199254740993')],
    ['two indexes', good.replace('index 4', 'index 4\nindex 4')],
    ['extra behind the index', good.replace('extra eA==\nindex 4', 'index 4\nextra eA==')],
    ['two extras', good.replace('extra eA==', 'extra eA==\nextra eA==')],
    ['an extra without data', good.replace('extra eA==', 'extra ')],
    ['an extra that is not base 64', good.replace('extra eA==', 'extra e')],
    ['a short hash', good.replace(/index 4\n..../, 'index 4\n')],
    ['no empty line', good.replace('\n\n', '\n')],
    ['64 hashes', good.replace('index 4\n', `index 4\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(good);
    expect(() => parseTlogProof(text)).toThrow(refused);
  });

  test('is not made of parts that could not be read', async () => {
    const proof = { index: 0, hashes: [], extra: null, checkpoint: await checkpointAt(1) };
    expect(() => formatTlogProof({ ...proof, extra: new Uint8Array(0) })).toThrow(refused);
    expect(() => formatTlogProof({ ...proof, hashes: new Array(64).fill(new Uint8Array(32)) })).toThrow(
      refused,
    );
  });
});

describe('a consistency proof as a text', async () => {
  const rootOf = (size: number) => rootAt(tree, size);

  test('is the request of the specification', () => {
    const parsed = parseConsistency(exampleRequest);
    expect(parsed.oldSize).toBe(20852014);
    expect(parsed.hashes.map(hex).map((hash) => hash.slice(0, 8))).toEqual([
      '3e544d0a',
      '8eb2590e',
      'e7ea4a95',
      'ffa59584',
    ]);
    expect(parsed.checkpoint.split('\n')[1]).toBe('20852163');
    expect(formatConsistency(parsed)).toBe(exampleRequest);
  });

  test('proves growth between any two sizes', async () => {
    for (const size of [0, 1, 2, 7, 8, 33]) {
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const text = await consistencyOf(oldSize, size);
        const old = { size: oldSize, root: await rootOf(oldSize) };
        expect(verifyConsistencyText(text, old, key.verifierKey).size).toBe(size);
        const others = { size: oldSize, root: await rootOf(40) };
        expect(() => verifyConsistencyText(text, others, key.verifierKey)).toThrow(refused);
        const another = { size: oldSize + 1, root: await rootOf(oldSize + 1) };
        expect(() => verifyConsistencyText(text, another, key.verifierKey)).toThrow(refused);
      }
    }
  });

  test('with any one byte altered, dropped or cut proves nothing', async () => {
    const text = await consistencyOf(3, 7);
    const old = { size: 3, root: await rootOf(3) };
    for (const [what, altered] of alterations(text)) {
      expect(() => verifyConsistencyText(altered, old, key.verifierKey), what).toThrow(refusedSomehow);
    }
  });

  const good = await consistencyOf(3, 7);
  test.each([
    ['nothing', ''],
    ['no old size', good.slice(good.indexOf('\n') + 1)],
    ['another word', good.replace('old 3', 'size 3')],
    ['a leading zero', good.replace('old 3', 'old 03')],
    ['two spaces', good.replace('old 3', 'old  3')],
    ['a short hash', good.replace(/old 3\n..../, 'old 3\n')],
    ['no empty line', good.replace('\n\n', '\n')],
    ['64 hashes', good.replace('old 3\n', `old 3\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(good);
    expect(() => parseConsistency(text)).toThrow(refused);
  });
});
