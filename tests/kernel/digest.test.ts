import { expect, test } from 'vitest';
import { digestOf, sha256Bytes, sha256Hex } from '../../src/kernel/digest.ts';

test('gives the SHA-256 of FIPS 180-4 for text and for bytes', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256Hex('abc')).toBe(abc);
  expect(sha256Hex(Buffer.from('abc'))).toBe(abc);
  expect(Buffer.from(sha256Bytes('abc')).toString('hex')).toBe(abc);
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
});

test('takes text as UTF-8 and a view as only what it shows', () => {
  expect(sha256Hex('€')).toBe(sha256Hex(Uint8Array.from([0xe2, 0x82, 0xac])));
  expect(sha256Hex(Buffer.from('xabcx').subarray(1, 4))).toBe(sha256Hex('abc'));
});

test('identifies a value by its content, not by the order of its keys', () => {
  expect(digestOf({ b: [1, 2], a: 'x' })).toBe(digestOf({ a: 'x', b: [1, 2] }));
  expect(digestOf({ b: [1, 2], a: 'x' })).toBe(sha256Hex('{"a":"x","b":[1,2]}'));
  expect(digestOf({ b: [2, 1], a: 'x' })).not.toBe(digestOf({ a: 'x', b: [1, 2] }));
});
