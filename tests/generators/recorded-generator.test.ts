import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskView } from '../../src/events/task-view.ts';
import type { GenerationRequest } from '../../src/generators/generator.ts';
import { readRecordedFile } from '../../src/generators/recorded/recorded-file.ts';
import { createRecordedGenerator } from '../../src/generators/recorded/recorded-generator.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';

const runs = '../shared/data/recorded-runs';
const signal = new AbortController().signal;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-recorded-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const rows = [
  { task_id: 'T/1', seed: 's', implementations: ['one\n', 'two\n'], solution: 'three\n', token_nums: 100 },
  { task_id: 'T/2', seed: 'only', implementations: [], solution: 'only', extra: true },
];

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const asLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('\n');

function requestOf(id: string, sample: number): GenerationRequest {
  const task: TaskView = {
    id,
    language: 'python',
    entryPoint: 'f',
    statement: '',
    prelude: '',
    givenProgram: null,
    publicTests: { kind: 'cases', cases: [] },
    limits: { wallMs: 1, steps: null, memoryBytes: 1, outputBytes: 1 },
    tags: {},
  };
  return { task, seed: '', episodeSeed: '', sample, parent: null, prompt: '', dialogue: [] };
}

describe('recorded programs', () => {
  test('are served verbatim, in order, file after file, with their share of the tokens', async () => {
    const first = await file('a.results.jsonl', asLines(rows));
    const second = await file('b.results.jsonl.gz', gzipSync(asLines(rows.slice(0, 1))));
    const generator = await createRecordedGenerator([first, second]);
    const served = [];
    for (let sample = 0; sample < 6; sample += 1)
      served.push(await generator.generate(requestOf('T/1', sample), signal));
    expect(served.map(({ program }) => program)).toEqual([
      'one\n',
      'two\n',
      'three\n',
      'one\n',
      'two\n',
      'three\n',
    ]);
    expect(served.map(({ usage }) => usage.outputTokens)).toEqual([34, 33, 33, 34, 33, 33]);
    expect(served[4]?.note).toBe('recorded program 2 of 3 by b');
    expect((await generator.generate(requestOf('T/2', 0), signal)).program).toBe('only');
    expect(generator.ref.config).toEqual({
      files: [
        { model: 'a', digest: sha256Hex(asLines(rows)) },
        { model: 'b', digest: sha256Hex(gzipSync(asLines(rows.slice(0, 1)))) },
      ],
    });
  });

  test('run out with the task and the count', async () => {
    const generator = await createRecordedGenerator([await file('c.jsonl', asLines(rows))]);
    await expect(generator.generate(requestOf('T/1', 3), signal)).rejects.toMatchObject({
      code: 'GENERATOR_EXHAUSTED',
      message: 'All 3 recorded programs of task "T/1" were served; there is no other.',
    });
    await expect(generator.generate(requestOf('T/3', 0), signal)).rejects.toMatchObject({
      code: 'GENERATOR_UNSUITABLE',
    });
  });

  test.each([
    ['a line that is not JSON', '{"task_id":"T/1"}\n\n{"task_id":\n', 3],
    ['a row without a task', '{"implementations":["x"]}\n', 1],
    ['programs that are no text', '{"task_id":"T/1","implementations":[1]}\n', 1],
  ])('%s is refused with file and line', async (_, content, line) => {
    const path = await file('bad.jsonl', content);
    await expect(createRecordedGenerator([path])).rejects.toMatchObject({
      code: 'SUITE_INVALID',
      message: expect.stringContaining(`${path}, line ${line}: `),
      context: { file: path, line },
    });
  });

  test('a file that is absent, empty or not compressed as its name says is refused', async () => {
    await expect(createRecordedGenerator([join(folder, 'none')])).rejects.toMatchObject({
      code: 'SUITE_NOT_FOUND',
    });
    const empty = await file('empty.jsonl', '\n');
    await expect(createRecordedGenerator([empty])).rejects.toMatchObject({ code: 'SUITE_INVALID' });
    const plain = await file('plain.jsonl.gz', asLines(rows));
    await expect(createRecordedGenerator([plain])).rejects.toMatchObject({ code: 'SUITE_INVALID' });
  });

  test.skipIf(!existsSync(runs))('of the public runs are all there', async () => {
    const count = async (name: string): Promise<number> => {
      const { programs } = await readRecordedFile(`${runs}/${name}.results.jsonl.gz`);
      return [...programs.values()].reduce((sum, list) => sum + list.length, 0);
    };
    expect(await count('humaneval/gpt-3.5-turbo-0613')).toBe(413);
    expect(await count('humaneval/codellama')).toBe(714);
    expect(await count('mbpp/gpt-3.5-turbo-0613')).toBe(1158);
    expect(await count('mbpp/codellama')).toBe(1808);
  });
});

describe('generators by name', () => {
  test('repair and recorded are found', async () => {
    expect((await createGenerator('repair')).ref).toEqual({ name: 'repair', version: 1, config: {} });
    const path = await file('named.jsonl', asLines(rows));
    expect((await createGenerator(`recorded:${path},${path}`)).ref.name).toBe('recorded');
  });

  test('others are refused with the names there are', async () => {
    await expect(createGenerator('gpt')).rejects.toMatchObject({
      code: 'GENERATOR_NOT_FOUND',
      message: 'There is no generator "gpt". Known: repair[:JSON], recorded:FILE[,FILE…], model:FILE|JSON.',
    });
    await expect(createGenerator('recorded')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(createGenerator('repair:x')).rejects.toMatchObject({
      code: 'GENERATOR_PARAMS',
    });
  });
});
