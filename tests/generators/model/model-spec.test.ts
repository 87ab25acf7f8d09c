import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelSpec } from '../../../src/generators/model/model-spec.ts';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'pawl-model-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function refusal(argument: string): Promise<string> {
  try {
    await readModelSpec(argument);
  } catch (error) {
    if (isPawlError(error, 'USAGE')) return error.message;
    throw error;
  }
  throw new Error(`${argument} was taken`);
}

const inline = (more: object): string =>
  JSON.stringify({ baseURL: 'http://127.0.0.1:1/v1', model: 'm', ...more });

describe('the specification of a model', () => {
  it('needs an address and a name; all else has a setting', async () => {
    expect(await readModelSpec(inline({}))).toEqual({
      ...{ api: 'openai-compatible', baseURL: 'http://127.0.0.1:1/v1', model: 'm', temperature: null },
      ...{ maxTokens: 4096, apiKeyVariable: null, timeoutMs: 120_000 },
    });
    const given = { temperature: 0.2, maxTokens: 9, apiKeyVariable: 'KEY_1', timeoutMs: 5 };
    expect(await readModelSpec(` ${inline({ ...given, baseURL: 'https://models.example/api//' })}`)).toEqual({
      ...{ api: 'openai-compatible', baseURL: 'https://models.example/api', model: 'm', ...given },
    });
  });

  it('may stand in a file', async () => {
    const path = join(directory, 'model.json');
    writeFileSync(path, `${inline({ temperature: 1 })}\n`);
    expect(await readModelSpec(path)).toMatchObject({ model: 'm', temperature: 1 });
    writeFileSync(path, 'baseURL: x');
    expect(await refusal(path)).toBe(
      `The model file ${path} is not JSON. Write {"baseURL":"https://…/v1","model":"…"}.`,
    );
    expect(await refusal(join(directory, 'none.json'))).toMatch(
      /none\.json cannot be read: ENOENT.*Write model:/,
    );
    expect(await refusal('')).toBe(
      'Say which model: model:FILE.json, or model:{"baseURL":"https://…/v1","model":"…"}.',
    );
  });

  it.each([
    ['no model', { model: undefined }, /at model/],
    ['another protocol', { baseURL: 'ftp://models.example' }, /at baseURL/],
    [
      'a password in the address',
      { baseURL: 'https://me:secret@models.example/v1' },
      /no user name, password/,
    ],
    ['a key in the address', { baseURL: 'https://models.example/v1?key=secret' }, /query or fragment/],
    ['a key instead of its name', { apiKeyVariable: 'sk-secret' }, /the name of an environment variable/],
    ['a key', { apiKey: 'secret' }, /Unrecognized key: "apiKey"/],
    ['a temperature out of range', { temperature: 2.1 }, /at temperature/],
    ['no tokens', { maxTokens: 0 }, /at maxTokens/],
    ['more patience than there is', { timeoutMs: 300_001 }, /at timeoutMs/],
    ['another protocol of answers', { api: 'other' }, /at api/],
  ])('is refused with %s, and the refusal quotes no secret', async (_what, more, problem) => {
    const message = await refusal(inline(more));
    expect(message).toMatch(problem);
    expect(message).toMatch(/It takes baseURL and model, and may take temperature/);
    expect(message).not.toMatch(/secret/);
  });
});
