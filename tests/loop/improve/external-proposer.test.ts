import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import type { ProposerView } from '../../../src/loop/improve/proposers/proposer.ts';
import { createProposer } from '../../../src/loop/improve/proposers/registry.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pawl-external-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const view: ProposerView = {
  ...{ slot: 'prompt', current: { template: 'Mend it.' }, parent: sha256Hex('parent') },
  ...{ targetFailure: 'friction', tasks: 3, classes: [{ name: 'friction', count: 2 }], cases: [], past: [] },
};

/** A proposer that is a Node program. */
async function program(name: string, source: string, secondsMax = 20) {
  const path = join(directory, `${name}.mjs`);
  await writeFile(path, source);
  return createProposer(`program:"${process.execPath}" ${path} "two words"`, { secondsMax, tokensMax: null });
}

async function ask(name: string, source: string, secondsMax?: number) {
  const proposer = await program(name, source, secondsMax);
  return proposer.propose(view, 'seed', new AbortController().signal);
}

const read = `let text = ''; for await (const chunk of process.stdin) text += chunk; const told = JSON.parse(text);`;

describe('a program that proposes', () => {
  it('gets the view and the seed, and gives a contract', async () => {
    const contract = await ask(
      'good',
      `${read}
      const { template } = told.view.current;
      console.log(JSON.stringify({
        content: { template: template + ' ' + process.argv[2] + ' ' + told.seed },
        hypothesis: 'Against ' + told.view.targetFailure, predictedGain: 0.1, falsifiedBy: 'dev',
      }));`,
    );
    expect(contract).toEqual({
      ...{ content: { template: 'Mend it. two words seed' }, hypothesis: 'Against friction' },
      ...{ predictedGain: 0.1, falsifiedBy: 'dev', usage: { inputTokens: 0, outputTokens: 0 } },
    });
  });

  it('runs in a directory of its own that is gone afterwards, with next to no environment', async () => {
    process.env['PAWL_TEST_SECRET'] = 'secret';
    const contract = await ask(
      'where',
      `${read}
      const content = { cwd: process.cwd(), home: process.env.HOME, names: Object.keys(process.env).sort() };
      console.log(JSON.stringify({ content, hypothesis: 'h', predictedGain: 0, falsifiedBy: 'f' }));`,
    );
    delete process.env['PAWL_TEST_SECRET'];
    const { cwd, home, names } = contract.content as { cwd: string; home: string; names: readonly string[] };
    expect(home).toBe(cwd);
    expect(cwd).toContain('pawl-proposer-');
    expect(existsSync(cwd)).toBe(false);
    const allowed = ['HOME', 'LANG', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ'];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('is a failed proposal when it crashes, with what it said', async () => {
    await expect(ask('crash', `console.error('out of ideas'); process.exit(3);`)).rejects.toMatchObject({
      code: 'PROPOSER_FAILED',
      context: { kind: 'crash' },
      message: 'The program that proposes failed. It ended with exit code 3: out of ideas.',
    });
    const missing = await createProposer('program:/nowhere/at/all', { secondsMax: 5, tokensMax: null });
    await expect(missing.propose(view, 's', new AbortController().signal)).rejects.toMatchObject({
      ...{ code: 'PROPOSER_FAILED', context: { kind: 'crash' } },
    });
  });

  it('is ended when its time is over, with all that it started', async () => {
    await expect(ask('slow', 'setInterval(() => {}, 1000);', 0.2)).rejects.toMatchObject({
      code: 'PROPOSER_FAILED',
      context: { kind: 'timeout' },
      message: 'The program that proposes failed. It did not answer within 0.2 s.',
    });
  });

  it('is refused when it says what cannot be used, too much, or nothing', async () => {
    const invalid = { code: 'PROPOSAL_INVALID' };
    await expect(ask('garbage', `console.log('well, …');`)).rejects.toMatchObject({
      ...invalid,
      message: 'What the program proposed is not usable: it answered no JSON: well, …',
    });
    await expect(ask('empty', '')).rejects.toMatchObject(invalid);
    await expect(ask('more', `console.log(JSON.stringify({ content: 1, extra: 2 }));`)).rejects.toMatchObject(
      invalid,
    );
    const much = `process.stdout.write('x'.repeat(2_000_000));`;
    await expect(ask('much', much)).rejects.toMatchObject({
      ...invalid,
      message: 'What the program proposed is not usable: it wrote more than 1000000 bytes',
    });
  });

  it('stops with the loop', async () => {
    const stop = new AbortController();
    const proposer = await program('endless', 'setInterval(() => {}, 1000);');
    const asked = proposer.propose(view, 'seed', stop.signal);
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
  });
});

it('says which proposers there are', async () => {
  const limits = { secondsMax: 1, tokensMax: null };
  await expect(createProposer('oracle', limits)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(createProposer('tuner:prompt', limits)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(createProposer('program:', limits)).rejects.toMatchObject({ code: 'USAGE' });
  expect((await createProposer('tuner:strategy', limits)).slots).toEqual(['strategy']);
});
