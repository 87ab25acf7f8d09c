import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
/** Stands in the statement of one task, and so in its prompts. */
const text = 'same letters (case does not matter)';
const reason = 'a customer asked for it';

beforeAll(async () => {
  expect((await pawl(directory, smallRun('sequential-feedback'))).exitCode).toBe(0);
});

const filesHolding = (needle: string): readonly string[] =>
  readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(needle));

async function blobsFound(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { stdout } = await pawl(directory, ['erase', '--containing', text, '--dry-run', '--json']);
  return jsonLines(stdout).filter(({ type }) => type === 'blob');
}

describe('pawl erase', () => {
  let prompt = '';

  it('wants to know what and why, and says so before it looks at anything', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['erase'], 'Say which blobs'],
      [['erase', 'abcdef'], 'Give a --reason'],
      [['erase', 'abcdef', '--reason', '  '], 'Give a --reason'],
      [['erase', 'abc', '--reason', reason], '6 to 64 hexadecimal digits'],
      [['erase', 'abcdeg', '--reason', reason], '6 to 64 hexadecimal digits'],
      [['erase', '--containing', '', '--reason', reason], 'contains nothing'],
      [['erase', '--containing', text, '--yes'], 'Give a --reason'],
      [['erase', '--containing', text, '--reason', `it said ${text}`, '--yes'], 'would stay for good'],
      [['erase', 'abcdef', '--reason', 'x'.repeat(1001)], 'too long'],
    ];
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await pawl(directory, args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    const missing = await pawl(directory, ['erase', 'f'.repeat(64), '--reason', reason]);
    expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining('BLOB_NOT_FOUND')]);
  });

  it('lists what holds a text and what refers to it, and erases nothing until it is told to', async () => {
    const blobs = await blobsFound();
    expect(blobs.length).toBeGreaterThan(3);
    const requested = blobs.find(({ references }) =>
      (references as readonly { type: string }[]).some(({ type }) => type === 'GenerationRequested'),
    );
    prompt = String(requested?.['digest']);
    const listed = await pawl(directory, ['erase', '--containing', text]);
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toContain(`blob ${prompt}`);
    expect(listed.stdout).toMatch(/GenerationRequested at episode-\S+\/\d+/);
    expect(listed.stderr).toContain('Nothing was erased yet. The same with --yes and --reason TEXT');
    expect(await blobsFound()).toEqual(blobs);
  });

  it('erases one by the beginning of its digest, and the proofs still hold', async () => {
    const before = jsonLines((await pawl(directory, ['verify', '--json'])).stdout)[0];
    const short = prompt.slice(0, 12);
    const ended = await pawl(directory, ['erase', short, '--reason', reason], { PAWL_ACTOR: 'ada' });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain(`${prompt} erased: ${reason} (audit-erasures/0)`);
    expect(ended.stderr).toContain('backups and exported bundles are not reached');
    const after = await pawl(directory, ['verify', '--json']);
    expect(after.exitCode, after.stdout).toBe(0);
    const [report] = jsonLines(after.stdout);
    expect(Number(report?.['records'])).toBe(Number(before?.['records']) + 1);
    const again = await pawl(directory, ['erase', short, '--reason', 'another word']);
    expect([again.exitCode, again.stdout]).toEqual([
      0,
      expect.stringContaining(`was erased before: ${reason}`),
    ]);
  });

  it('show says who erased what and why in place of the text; replay cannot tell', async () => {
    const told = await Promise.all(
      [0, 1, 2].map((index) => pawl(directory, ['show', `latest.${index}`, '--prompts'])),
    );
    const sentence = new RegExp(`\\[blob ${prompt.slice(0, 12)} was erased by ada at \\S+Z: ${reason}\\]`);
    expect(told.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(told.filter(({ stdout }) => sentence.test(stdout)).length).toBeGreaterThan(0);
    const replayed = await pawl(directory, ['replay', 'latest']);
    expect(replayed.stdout).toContain(`inconclusive: blob erased`);
    expect(replayed.stdout).not.toContain('diverged at');
  });

  it('erases all that holds a text; it is in no file of the directory any more', async () => {
    const left = (await blobsFound()).length;
    const ended = await pawl(directory, [
      'erase',
      '--containing',
      text,
      '--reason',
      reason,
      '--yes',
      '--json',
    ]);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(jsonLines(ended.stdout).filter(({ type }) => type === 'erased')).toHaveLength(left);
    expect(await blobsFound()).toEqual([]);
    expect(filesHolding(text)).toEqual([]);
    const none = await pawl(directory, ['erase', '--containing', text, '--reason', reason, '--yes']);
    expect(none).toMatchObject({ exitCode: 0, stdout: '' });
    for (const index of [0, 1, 2])
      expect((await pawl(directory, ['show', `latest.${index}`])).exitCode).toBe(0);
    expect((await pawl(directory, ['verify', '--deep'])).exitCode).toBe(0);
  });

  it('says plainly where the text stands in records, which stay', async () => {
    const { exitCode, stdout } = await pawl(directory, [
      'erase',
      '--containing',
      'customer asked',
      '--dry-run',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^The text also stands in \d+ records, which cannot be erased:\n {2}BlobErased at audit-erasures\/0\n/,
    );
  });
});
