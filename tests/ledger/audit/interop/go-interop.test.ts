import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { formatCheckpoint, openCheckpoint, signCheckpoint } from '../../../../src/ledger/audit/checkpoint.ts';
import { consistencyProof, verifyConsistency } from '../../../../src/ledger/audit/consistency-proof.ts';
import { inclusionProof, verifyInclusion } from '../../../../src/ledger/audit/inclusion-proof.ts';
import { generateSigningKey, parseVerifierKey } from '../../../../src/ledger/audit/note-key.ts';
import { openNote, parseSigningKey } from '../../../../src/ledger/audit/signed-note.ts';
import { StoreTree } from '../../../../src/ledger/audit/store-tree.ts';
import { rootAt } from '../../../../src/ledger/audit/subtree-hashes.ts';
import { TilesWriter } from '../../../../src/ledger/audit/tiles-writer.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { leafSource } from '../naive-tree.ts';
import { signedAt, toyKey, toyOrigin, toyStore } from '../toy-log.ts';
import { type Answer, askGo, buildGo, type Question } from './go-program.ts';

const go = buildGo(readFileSync(join(import.meta.dirname, 'main.go'), 'utf8'));
const why = 'missing' in go ? ` (skipped: ${go.missing})` : '';
const ask = (questions: readonly Question[]): readonly Answer[] =>
  'program' in go ? askGo(go.program, questions) : [];
const only = (question: Question): Answer => ask([question])[0] as Answer;
const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string | undefined | null) => Buffer.from(text ?? '', 'base64');
const holds = (check: () => unknown): boolean => {
  try {
    check();
    return true;
  } catch (error) {
    expect(error).toEqual(
      expect.objectContaining({ code: expect.stringMatching(/^(PROOF|CHECKPOINT)_INVALID$/) }),
    );
    return false;
  }
};

const count = 300;
const recordOf = (index: number) => Buffer.from(`record ${index}`);
const leaves = Array.from({ length: count }, (_, index) => leafHash(recordOf(index)));
const tree = await StoreTree.read(leafSource(leaves), count);
const roots = await Promise.all(Array.from({ length: count + 1 }, (_, size) => rootAt(tree, size)));
const rootOf = (size: number) => roots[size] as Uint8Array;
const leafOf = (index: number) => leaves[index] as Uint8Array;
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, index) => from + index);
const interestingSizes = [1, 2, 3, 5, 8, 31, 32, 33, 100, 255, 256, 257, 300];

describe.skipIf('missing' in go)(`keys and notes mean the same to Go's note package${why}`, () => {
  const names = ['ledger.example/a', 'PeterNeumann', 'журнал.example/λ', '—'];
  const texts = ['a\n', '\n', 'one\n\ntwo\n', 'If you think 🔏\n— x AAAA\n', `${'x'.repeat(100_000)}\n`];

  test('what we sign with our keys, Go opens', () => {
    for (const name of names) {
      const { signingKey, verifierKey } = generateSigningKey(name);
      const { keyId } = parseVerifierKey(verifierKey);
      const notes = texts.map((text) => parseSigningKey(signingKey).sign(text));
      const answers = ask(notes.map((note) => ({ Kind: 'open', Note: note, VKeys: [verifierKey] })));
      expect(answers.map(({ text }) => text)).toEqual(texts);
      expect(answers.map(({ signers }) => signers)).toEqual(texts.map(() => [`${name}+${keyId}`]));
    }
  });

  test('what Go signs with its keys, we open; both sign the same bytes with the same key', () => {
    for (const name of names) {
      const { skey, vkey } = only({ Kind: 'generate', Name: name });
      const answers = ask(texts.map((text) => ({ Kind: 'sign', Text: text, SKeys: [skey] })));
      for (const [index, { note }] of answers.entries()) {
        const opened = openNote(note, [parseVerifierKey(vkey)]);
        expect([opened.text, opened.signedBy.map((verifier) => verifier.name)]).toEqual([
          texts[index],
          [name],
        ]);
        expect(parseSigningKey(skey).sign(texts[index] ?? '')).toBe(note);
      }
    }
  });

  test('notes with several signatures, some by unknown keys', () => {
    const keys = upTo(3).map(() => generateSigningKey('shared.example/name'));
    const [first, second, third] = keys.map(({ verifierKey }) => verifierKey) as [string, string, string];
    const { note } = only({ Kind: 'sign', Text: 'a\n', SKeys: keys.map(({ signingKey }) => signingKey) });
    for (const known of [[first], [third, first], [second], [first, second, third], []]) {
      const { ok, signers } = only({ Kind: 'open', Note: note, VKeys: known });
      expect(holds(() => openNote(note, known.map(parseVerifierKey)))).toBe(ok);
      if (!ok) continue;
      const { signedBy, unknown } = openNote(note, known.map(parseVerifierKey));
      expect(signedBy.map(({ name, keyId }) => `${name}+${keyId}`)).toEqual(signers);
      expect(unknown).toHaveLength(3 - known.length);
    }
  });

  test('what one refuses of a key, the other refuses', () => {
    const { verifierKey } = generateSigningKey('a.example');
    const keys = [
      verifierKey,
      ...upTo(verifierKey.length).map((at) => verifierKey.slice(0, at) + verifierKey.slice(at + 1)),
      ...[
        '',
        'a',
        'a+b',
        'a+00000000+AQ==',
        verifierKey.replace('a.example', 'b.example'),
        `${verifierKey}AAAA`,
      ],
    ];
    const note = parseSigningKey(generateSigningKey('x').signingKey).sign('a\n');
    const answers = ask(keys.map((key) => ({ Kind: 'open', Note: note, VKeys: [key] })));
    const isKey = (key: string) => {
      try {
        parseVerifierKey(key);
        return true;
      } catch {
        return false;
      }
    };
    // Opening fails either way; a key that is one fails only for want of its signature.
    expect(answers.map(({ error }) => error === 'note has no verifiable signatures')).toEqual(
      keys.map(isKey),
    );
    expect(keys.map(isKey).filter(Boolean)).toHaveLength(1);
  });

  test('a damaged note that we open, Go opens as the same; what only Go opens is the same signature spelled otherwise', () => {
    const seed = process.env['PAWL_SEED'] ?? String(Date.now());
    const random = seededRandom(`notes ${seed}`);
    const [one, two] = [generateSigningKey('one.example'), generateSigningKey('two.example')];
    const lineOf = (note: string) => note.slice(note.lastIndexOf('\n\n') + 2);
    const text = 'one.example\n17\nroot\n\nand more\n';
    const note =
      parseSigningKey(one.signingKey).sign(text) + lineOf(parseSigningKey(two.signingKey).sign(text));
    const characters = [
      'A',
      'B',
      '+',
      '/',
      '=',
      ' ',
      '\n',
      '—',
      '-',
      'é',
      '\t',
      '\r',
      '\0',
      '\u00a0',
      '\u0085',
    ];
    const damaged = upTo(3000).map(() => {
      const at = random.int(0, note.length - 1);
      const piece = random.pick(characters);
      return random.pick([
        note.slice(0, at) + piece + note.slice(at + 1),
        note.slice(0, at) + piece + note.slice(at),
        note.slice(0, at) + note.slice(at + 1),
        note.slice(at),
        note.slice(0, at),
      ]);
    });
    const known = [one.verifierKey];
    const answers = ask(damaged.map((each) => ({ Kind: 'open', Note: each, VKeys: known })));
    let both = 0;
    for (const [index, each] of damaged.entries()) {
      const { ok, text: opened } = answers[index] as Answer;
      const ours = holds(() => openNote(each, known.map(parseVerifierKey)));
      const context = `seed ${seed}: ${JSON.stringify(each)}`;
      if (ours)
        expect([ok, opened], context).toEqual([true, openNote(each, known.map(parseVerifierKey)).text]);
      if (ours) both += 1;
      if (ok && !ours) {
        // Go's decoder skips line feeds and ignores unused bits; there are none of the former inside a line.
        const respelled = each.replaceAll(/(?<=^— [^ ]+ ).*$/gm, (encoded) => b64(bytesOf(encoded)));
        expect(
          holds(() => openNote(respelled, known.map(parseVerifierKey))),
          context,
        ).toBe(true);
      }
    }
    expect(both, `seed ${seed}`).toBeGreaterThan(30);
  });

  test('checkpoints, also as Go reads the tree of its own database from them', async () => {
    const origin = 'go.sum database tree';
    const { signingKey, verifierKey } = generateSigningKey('sum.example');
    const signer = parseSigningKey(signingKey);
    for (const size of [0, ...interestingSizes]) {
      const checkpoint = { origin, size, root: rootOf(size), extensions: [] };
      const note = signCheckpoint(checkpoint, signer);
      const { text } = only({ Kind: 'open', Note: note, VKeys: [verifierKey] });
      const parsed = only({ Kind: 'parse-tree', Text: text });
      expect([parsed.ok, parsed.size, parsed.root]).toEqual([true, size, b64(rootOf(size))]);
      expect(openCheckpoint(note, verifierKey, origin)).toEqual({
        ...checkpoint,
        root: Buffer.from(rootOf(size)),
      });
      for (const bad of [
        text.replace(`\n${size}\n`, `\n0${size}\n`),
        text.replace('=', ''),
        text.slice(0, -1),
      ]) {
        expect(only({ Kind: 'parse-tree', Text: bad }).ok, bad).toBe(false);
        expect(
          holds(() => openCheckpoint(signer.sign(bad), verifierKey, origin)),
          bad,
        ).toBe(false);
      }
      expect(formatCheckpoint(checkpoint)).toBe(text);
    }
  });
});

describe.skipIf('missing' in go)(`proofs mean the same to Go's tlog package${why}`, () => {
  test('records have the same hash, trees the same roots', () => {
    const records = ['', 'a', 'record 0', '\0', 'x'.repeat(40_000)].map((text) => Buffer.from(text));
    const answers = ask(records.map((record) => ({ Kind: 'record-hash', Record: b64(record) })));
    expect(answers.map(({ root }) => root)).toEqual(records.map((record) => b64(leafHash(record))));
    const sizes = upTo(count + 1);
    const { roots: theirs } = only({ Kind: 'prove-trees', Size: count, Sizes: sizes.slice(1) });
    expect(theirs).toEqual(sizes.slice(1).map((size) => b64(rootOf(size))));
  });

  test('inclusion: theirs are ours, byte for byte, and each accepts them', async () => {
    for (const size of interestingSizes) {
      const indices = upTo(size);
      const { proofs } = only({ Kind: 'prove-records', Size: size, Indices: indices });
      const questions: Question[] = [];
      for (const index of indices) {
        const ours = (await inclusionProof(tree, index, size)).map(b64);
        expect(ours).toEqual(proofs?.[index]);
        verifyInclusion(leafOf(index), index, size, (proofs?.[index] ?? []).map(bytesOf), rootOf(size));
        const record = b64(recordOf(index));
        questions.push({
          Kind: 'check-record',
          Record: record,
          Index: index,
          Size: size,
          Root: b64(rootOf(size)),
          Hashes: ours,
        });
      }
      expect(ask(questions).filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  test('consistency: theirs are ours, byte for byte, and each accepts them', async () => {
    for (const size of interestingSizes) {
      const sizes = upTo(size + 1, 1);
      const { proofs } = only({ Kind: 'prove-trees', Size: size, Sizes: sizes });
      const questions: Question[] = [];
      for (const [place, oldSize] of sizes.entries()) {
        const ours = (await consistencyProof(tree, oldSize, size)).map(b64);
        expect(ours).toEqual(proofs?.[place]);
        verifyConsistency(oldSize, rootOf(oldSize), size, rootOf(size), (proofs?.[place] ?? []).map(bytesOf));
        const [Root, OldRoot] = [b64(rootOf(size)), b64(rootOf(oldSize))];
        questions.push({ Kind: 'check-tree', Size: size, OldSize: oldSize, Root, OldRoot, Hashes: ours });
      }
      expect(ask(questions).filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  test('inclusion: of a proof for every other record, place, size and root, both say the same', async () => {
    const questions: Question[] = [];
    const ours: boolean[] = [];
    for (let size = 1; size <= 9; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(tree, index, size);
        for (const at of upTo(size + 1)) {
          for (const claimed of upTo(11, 1)) {
            for (const root of [size, claimed]) {
              ours.push(holds(() => verifyInclusion(leafOf(index), at, claimed, proof, rootOf(root))));
              const [Record, Root] = [b64(recordOf(index)), b64(rootOf(root))];
              questions.push({
                Kind: 'check-record',
                Record,
                Index: at,
                Size: claimed,
                Root,
                Hashes: proof.map(b64),
              });
            }
          }
        }
      }
    }
    expect(ask(questions).map(({ ok }) => ok)).toEqual(ours);
    expect([ours.includes(true), ours.includes(false)]).toEqual([true, true]);
  });

  test('consistency: of a proof for all other sizes and roots, both say the same', async () => {
    const questions: Question[] = [];
    const ours: boolean[] = [];
    for (let size = 1; size <= 9; size += 1) {
      for (let oldSize = 1; oldSize <= size; oldSize += 1) {
        const proof = await consistencyProof(tree, oldSize, size);
        for (const newer of upTo(11, 1)) {
          for (const older of upTo(11, 1)) {
            for (const [root, oldRoot] of [
              [size, oldSize],
              [newer, older],
            ] as const) {
              ours.push(holds(() => verifyConsistency(older, rootOf(oldRoot), newer, rootOf(root), proof)));
              const [Root, OldRoot] = [b64(rootOf(root)), b64(rootOf(oldRoot))];
              questions.push({
                Kind: 'check-tree',
                Size: newer,
                OldSize: older,
                Root,
                OldRoot,
                Hashes: proof.map(b64),
              });
            }
          }
        }
      }
    }
    expect(ask(questions).map(({ ok }) => ok)).toEqual(ours);
    expect([ours.includes(true), ours.includes(false)]).toEqual([true, true]);
  });

  test('both refuse every proof with a bit flipped, a hash dropped, doubled, moved or added', async () => {
    const questions: Question[] = [];
    for (const size of [2, 7, 8, 100, 300]) {
      const cases = [
        { inclusion: true, proof: await inclusionProof(tree, Math.floor(size / 3), size) },
        { inclusion: false, proof: await consistencyProof(tree, Math.ceil(size / 3), size) },
      ];
      for (const { inclusion, proof } of cases) {
        for (const bad of damagedProofs(proof)) {
          const [Size, Root, Hashes] = [size, b64(rootOf(size)), bad.map(b64)];
          if (inclusion) {
            const index = Math.floor(size / 3);
            expect(holds(() => verifyInclusion(leafOf(index), index, size, bad, rootOf(size)))).toBe(false);
            questions.push({
              Kind: 'check-record',
              Record: b64(recordOf(index)),
              Index: index,
              Size,
              Root,
              Hashes,
            });
          } else {
            const oldSize = Math.ceil(size / 3);
            expect(holds(() => verifyConsistency(oldSize, rootOf(oldSize), size, rootOf(size), bad))).toBe(
              false,
            );
            questions.push({
              Kind: 'check-tree',
              Size,
              OldSize: oldSize,
              Root,
              OldRoot: b64(rootOf(oldSize)),
              Hashes,
            });
          }
        }
      }
    }
    const answers = ask(questions);
    expect(answers.filter(({ ok }) => ok)).toEqual([]);
    expect(answers.length).toBe(1655);
  });
});

describe.skipIf('missing' in go)(`tiles are followed by Go's tile reader${why}`, () => {
  const tilesAt = async (...sizes: readonly number[]) => {
    const store = await toyStore(Math.max(...sizes));
    const directory = temporaryDirectory();
    const writer = await TilesWriter.open(store, directory);
    for (const size of sizes) {
      await writer.update({ signed: await signedAt(store, size), verifierKeys: [toyKey.verifierKey], sizes });
    }
    return directory;
  };
  const follow = (directory: string, indices: readonly number[], sizes: readonly number[]) =>
    only({
      Kind: 'tiles',
      Directory: directory,
      VKeys: [toyKey.verifierKey],
      Indices: indices,
      Sizes: sizes,
    });

  test.each([[[1]], [[255]], [[256]], [[257]], [[1, 100, 300]], [[256, 512, 513]], [[700, 1000]]])(
    'written at %j',
    async (sizes) => {
      const directory = await tilesAt(...sizes);
      const size = sizes.at(-1) ?? 0;
      const answer = follow(directory, upTo(size), upTo(size + 1, 1));
      expect([answer.error, answer.text, answer.size]).toEqual(['', toyOrigin, size]);
      const store = await toyStore(size);
      const own = await StoreTree.read(store, size);
      expect(answer.roots).toEqual(
        await Promise.all(upTo(size + 1, 1).map(async (old) => b64(await rootAt(own, old)))),
      );
      const sample = [0, Math.floor(size / 2), size - 1];
      for (const index of sample) {
        expect(answer.proofs?.[index]).toEqual((await inclusionProof(own, index, size)).map(b64));
      }
    },
  );

  test('with three levels of them', { timeout: 60_000 }, async () => {
    const size = 66_000;
    const directory = await tilesAt(65_000, size);
    const answer = follow(
      directory,
      [0, 255, 256, 65_535, 65_536, size - 1],
      [1, 65_000, 65_536, 65_537, size],
    );
    expect([answer.error, answer.size]).toEqual(['', size]);
  });

  test('and refused when they are damaged, by both', async () => {
    const directory = await tilesAt(600);
    for (const path of [
      'tile/0/000',
      'tile/0/002.p/88',
      'tile/1/000.p/2',
      'tile/entries/000',
      'checkpoint',
    ]) {
      const file = join(directory, path);
      const good = readFileSync(file);
      for (const at of [0, 40, good.length - 10]) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ 1;
        writeFileSync(file, bad);
        expect(follow(directory, upTo(600), upTo(601, 1)).ok, `${path} at ${at}`).toBe(false);
      }
      writeFileSync(file, good);
    }
    expect(follow(directory, upTo(600), upTo(601, 1)).error).toBe('');
  });
});

function damagedProofs(proof: readonly Uint8Array[]): Uint8Array[][] {
  const all: Uint8Array[][] = [[...proof, new Uint8Array(32)], []];
  for (const [place, hash] of proof.entries()) {
    const replaced = (...by: Uint8Array[]) => [...proof.slice(0, place), ...by, ...proof.slice(place + 1)];
    for (let at = 0; at < 32; at += 1) {
      const flipped = Uint8Array.from(hash);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      all.push(replaced(flipped));
    }
    all.push(replaced(), replaced(hash, hash));
    const next = proof[place + 1];
    if (next !== undefined) all.push([...proof.slice(0, place), next, hash, ...proof.slice(place + 2)]);
  }
  return all;
}
