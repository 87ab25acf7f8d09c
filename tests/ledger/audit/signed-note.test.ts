import { sign as ed25519Sign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generateSigningKey,
  parseVerifierKey,
  signingKeyFromSeed,
} from '../../../src/ledger/audit/note-key.ts';
import { openNote, parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';

/** The example of the C2SP signed-note, word for word. */
const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const exampleNote = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
/** RFC 8032 section 7.1, test 1. */
const rfcSeed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const rfcPublic = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');

const keyOf = (name: string, fill: number) => signingKeyFromSeed(name, new Uint8Array(32).fill(fill));
const [one, two, three] = [keyOf('one.example/log', 1), keyOf('two.example/log', 2), keyOf('three', 3)];
const refused = (code: 'CHECKPOINT_INVALID' | 'SIGNING_KEY_INVALID') => expect.objectContaining({ code });

describe('a key of a signed note', () => {
  test('has the id and the spelling of the specification', () => {
    const { name, keyId, verifierKey } = parseVerifierKey(exampleKey);
    expect({ name, keyId, verifierKey }).toEqual({
      name: 'example.com/foo',
      keyId: '530d903a',
      verifierKey: exampleKey,
    });
  });

  test('is the key of its seed, as RFC 8032 derives it', () => {
    const { signingKey, verifierKey } = signingKeyFromSeed('PeterNeumann', rfcSeed);
    const typed = (bytes: Uint8Array) => Buffer.concat([Buffer.from([1]), bytes]).toString('base64');
    expect(verifierKey.endsWith(`+${typed(rfcPublic)}`)).toBe(true);
    expect(signingKey.endsWith(`+${typed(rfcSeed)}`)).toBe(true);
    const { keyId } = parseVerifierKey(verifierKey);
    expect(signingKey.startsWith(`PRIVATE+KEY+PeterNeumann+${keyId}+`)).toBe(true);
  });

  test('is another one each time, and signs for its own verifier', () => {
    const [first, second] = [generateSigningKey('ledger.example/a'), generateSigningKey('ledger.example/a')];
    expect(first.signingKey).not.toBe(second.signingKey);
    const note = parseSigningKey(first.signingKey).sign('a\n');
    expect(openNote(note, [parseVerifierKey(first.verifierKey)]).text).toBe('a\n');
    expect(() => openNote(note, [parseVerifierKey(second.verifierKey)])).toThrow(
      refused('CHECKPOINT_INVALID'),
    );
  });

  test.each([
    '',
    ' ',
    'a b',
    'a+b',
    'a\u00a0b',
    'a\u2003',
    '\u0085',
    'a\nb',
    'a\u0000',
    '\ud800',
    'x'.repeat(201),
  ])('cannot be named %j', (name) => {
    expect(() => generateSigningKey(name)).toThrow(refused('SIGNING_KEY_INVALID'));
    expect(() => parseVerifierKey(exampleKey.replace('example.com/foo', name.slice(0, 200)))).toThrow(
      refused('SIGNING_KEY_INVALID'),
    );
  });

  test('may be named in any script', () => {
    const { signingKey, verifierKey } = keyOf('журнал.example/λ', 7);
    const note = parseSigningKey(signingKey).sign('text\n');
    expect(openNote(note, [parseVerifierKey(verifierKey)]).signedBy[0]?.name).toBe('журнал.example/λ');
  });

  test('is refused with any one character changed, dropped or doubled', () => {
    for (const [text, parse] of [
      [one.verifierKey, parseVerifierKey],
      [one.signingKey, parseSigningKey],
    ] as const) {
      for (let at = 0; at < text.length; at += 1) {
        const [before, character, after] = [text.slice(0, at), text[at] ?? '', text.slice(at + 1)];
        const other = character === 'A' ? 'B' : 'A';
        for (const altered of [
          `${before}${other}${after}`,
          before + after,
          text.slice(0, at + 1) + character + after,
        ]) {
          expect(() => parse(altered), altered).toThrow(refused('SIGNING_KEY_INVALID'));
        }
      }
      expect(() => parse(`${text}\n`)).toThrow(refused('SIGNING_KEY_INVALID'));
      expect(() => parse(` ${text}`)).toThrow(refused('SIGNING_KEY_INVALID'));
    }
  });

  test('of another kind, or another length, is refused', () => {
    const name = 'a';
    for (const typed of [[2, ...rfcPublic], [...rfcPublic], [1, ...rfcPublic.subarray(1)], []]) {
      const text = `${name}+00000000+${Buffer.from(typed).toString('base64')}`;
      expect(() => parseVerifierKey(text)).toThrow(refused('SIGNING_KEY_INVALID'));
    }
    expect(() => signingKeyFromSeed(name, new Uint8Array(31))).toThrow(refused('SIGNING_KEY_INVALID'));
  });

  test('that is secret is in no error', () => {
    const secret = one.signingKey.slice(-44);
    for (const broken of [
      one.signingKey.replace('PRIVATE', 'PUBLIC'),
      `${one.signingKey}=`,
      one.signingKey.replace('one', 'won'),
    ]) {
      try {
        parseSigningKey(broken);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain(
          secret.slice(0, 12),
        );
      }
    }
  });
});

describe('a signed note', () => {
  const verifiers = [one, two].map(({ verifierKey }) => parseVerifierKey(verifierKey));
  const line = (note: string) => note.slice(note.lastIndexOf('\n\n') + 2);
  const sign = (key: { signingKey: string }, text: string) => parseSigningKey(key.signingKey).sign(text);

  test('of the specification opens', () => {
    const opened = openNote(exampleNote, [parseVerifierKey(exampleKey)]);
    expect([opened.text, opened.signedBy.map(({ keyId }) => keyId), opened.unknown]).toEqual([
      'This is an example message.\n',
      ['530d903a'],
      [],
    ]);
    expect(openNote(Buffer.from(exampleNote, 'utf8'), [parseVerifierKey(exampleKey)]).text).toBe(opened.text);
  });

  test('opens as what was signed, for any text', () => {
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => [...value].every((c) => c >= ' ' || c === '\n'));
    fc.assert(
      fc.property(text, (value) => {
        const opened = openNote(sign(one, `${value}\n`), verifiers);
        expect(opened.text).toBe(`${value}\n`);
        expect(opened.signedBy).toEqual([verifiers[0]]);
      }),
    );
  });

  test('may hold empty lines, also at its end', () => {
    for (const text of ['\n', '\n\n', 'a\n\nb\n', 'a\n\n\n'])
      expect(openNote(sign(one, text), verifiers).text).toBe(text);
  });

  test('lists who signed, once each, and who is unknown', () => {
    const note =
      sign(one, 'a\n') + line(sign(three, 'a\n')) + line(sign(two, 'a\n')) + line(sign(one, 'a\n'));
    const { signedBy, unknown } = openNote(note, verifiers);
    expect(signedBy.map(({ name }) => name)).toEqual(['one.example/log', 'two.example/log']);
    expect(unknown).toEqual([{ name: 'three', keyId: parseVerifierKey(three.verifierKey).keyId }]);
  });

  test('of nobody known is refused', () => {
    expect(() => openNote(sign(three, 'a\n'), verifiers)).toThrow(
      /signed by three\+[0-9a-f]{8}, and by no key/,
    );
    expect(() => openNote(sign(one, 'a\n'), [])).toThrow(refused('CHECKPOINT_INVALID'));
  });

  test('is refused for one wrong signature of a known key, though another holds', () => {
    const note = sign(one, 'a\n') + line(sign(two, 'b\n'));
    expect(() => openNote(note, verifiers)).toThrow(/"two.example\/log" \([0-9a-f]{8}\) does not hold/);
    const again = sign(one, 'a\n') + line(sign(one, 'b\n'));
    expect(() => openNote(again, verifiers)).toThrow(/does not hold/);
  });

  test('takes a key that shares only its name or only its id for unknown', () => {
    const sameName = keyOf('one.example/log', 9);
    const note = sign(one, 'a\n') + line(sign(sameName, 'b\n'));
    const { signedBy, unknown } = openNote(note, verifiers);
    expect([signedBy.length, unknown.map(({ name }) => name)]).toEqual([1, ['one.example/log']]);
    const renamed = sign(one, 'a\n') + line(sign(one, 'b\n')).replace('one.example', 'won.example');
    expect(openNote(renamed, verifiers).unknown.map(({ name }) => name)).toEqual(['won.example/log']);
  });

  test('holds up to 100 signatures and a megabyte', () => {
    const many = (count: number) => sign(one, 'a\n') + line(sign(three, 'a\n')).repeat(count - 1);
    expect(openNote(many(100), verifiers).unknown).toHaveLength(99);
    expect(() => openNote(many(101), verifiers)).toThrow(/more than 100 signatures/);
    const withLength = (bytes: number) => sign(one, `${'x'.repeat(bytes - sign(one, '\n').length - 2)}\n`);
    expect(openNote(withLength(1_000_000), verifiers).signedBy).toHaveLength(1);
    expect(() => openNote(withLength(1_000_001), verifiers)).toThrow(/too large/);
  });

  const good = sign(one, 'a\n');
  const signature = line(good);
  test.each([
    ['nothing', ''],
    ['a text alone', 'a\n'],
    ['no signature line', 'a\n\n'],
    ['no empty line', `a\n${signature}`],
    ['no newline at the end', good.slice(0, -1)],
    ['an empty line at the end', `${good}\n`],
    ['a carriage return', good.replace('a\n', 'a\r\n')],
    ['a tab', good.replace('a\n', 'a\t\n')],
    ['a NUL', `\0${good}`],
    ['a lone surrogate', `\ud800${good}`],
    ['a hyphen for the dash', good.replace('—', '-')],
    ['no space behind the dash', good.replace('— ', '—')],
    ['two spaces', good.replace('— ', '—  ')],
    ['a space at the end', `${good.slice(0, -1)} \n`],
    ['no name', good.replace('one.example/log', '')],
    ['a plus in a name', `${good}— a+b ${signature.slice(signature.lastIndexOf(' ') + 1)}`],
    ['base 64 without its padding', good.replace(/=+\n$/, '\n')],
    ['base 64 of another alphabet', good.replace(/[+/]/, '-')],
    ['base 64 with unused bits', `${good}— x AAAAAAF=\n`],
    ['a signature of no bytes', `${good}— x AAAAAA==\n`],
    ['text between the signatures', `${good}b\n`],
  ])('with %s is malformed', (_, note) => {
    expect(note).not.toBe(good);
    expect(() => openNote(note, verifiers)).toThrow(refused('CHECKPOINT_INVALID'));
  });

  test('that is not UTF-8 is refused, also where no signature covers it', () => {
    const bytes = Buffer.from(`${good}— x AAAAAAA=\n`, 'utf8');
    const at = bytes.indexOf('x AAAA');
    expect(openNote(bytes, verifiers).unknown.map(({ name }) => name)).toEqual(['x']);
    bytes[at] = 0xff;
    expect(() => openNote(bytes, verifiers)).toThrow(refused('CHECKPOINT_INVALID'));
  });

  test('is refused with any one byte changed, dropped or added', () => {
    const bytes = Buffer.from(sign(one, 'ledger.example\n17\nroot\n'), 'utf8');
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(() => openNote(flipped, verifiers), `bit ${bit} of byte ${at}`).toThrow(
          refused('CHECKPOINT_INVALID'),
        );
      }
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      for (const altered of [
        Buffer.concat([before, after.subarray(1)]),
        Buffer.concat([before, Buffer.from('\n'), after]),
        before,
      ]) {
        if (altered.equals(bytes)) continue;
        expect(() => openNote(altered, verifiers), `at byte ${at}`).toThrow(refused('CHECKPOINT_INVALID'));
      }
    }
  });

  test('is never made of a text that could not be opened', () => {
    for (const text of ['', 'a', 'a\t\n', 'a\r\n', '\ud800\n', `${'x'.repeat(1_000_000)}\n`]) {
      expect(() => sign(one, text), JSON.stringify(text.slice(0, 9))).toThrow(refused('CHECKPOINT_INVALID'));
    }
  });

  test('is what Ed25519 of node:crypto signs, byte for byte', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    const note = sign(signingKeyFromSeed('k', seed), 'text\n');
    const made = Buffer.from(note.slice(note.lastIndexOf(' ') + 1, -1), 'base64').subarray(4);
    expect(made.equals(ed25519Sign(null, Buffer.from('text\n'), privateKey))).toBe(true);
  });
});
