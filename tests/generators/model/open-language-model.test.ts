import { afterEach, describe, expect, it } from 'vitest';
import { modelSpecSchema } from '../../../src/generators/model/model-spec.ts';
import { openLanguageModel } from '../../../src/generators/model/open-language-model.ts';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import {
  type ModelFault,
  type ModelOptions,
  type PromptReadingModel,
  startPromptReadingModel,
} from '../../support/prompt-reading-model.ts';

const program = 'function f(a) {\n  return a < 2;\n}';
const prompt = `Repair this:\n\n\`\`\`javascript\n${program}\n\`\`\`\n`;
const never = new AbortController().signal;

let server: PromptReadingModel | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(options: ModelOptions = {}, spec: object = {}, environment: Record<string, string> = {}) {
  server = await startPromptReadingModel(options);
  const parsed = modelSpecSchema.parse({ baseURL: server.baseURL, model: 'reader', ...spec });
  return openLanguageModel(parsed, environment);
}

async function failureOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (!isPawlError(error)) throw error;
    const { code, message, entry } = error;
    return { code, message: message.replaceAll(/127\.0\.0\.1:\d+/g, 'HERE'), retryable: entry.retryable };
  }
  throw new Error('nothing was wrong');
}

const answering = (fault: ModelFault | 'silence'): ModelOptions => ({ fault: () => fault });
const service = 'The model service at http://HERE/v1';

describe('a language model', () => {
  it('is sent what was asked, with the settings it was given, and no key where there is none', async () => {
    const model = await open({}, { temperature: 0.5, maxTokens: 400 });
    const { text, usage, finishReason } = await model.complete({ prompt, seed: 7 }, never);
    expect(text).toMatch(/^I would change this: line 2: .*\n\n```javascript\nfunction f\(a\) \{\n/);
    expect(usage).toEqual({
      ...{ inputTokens: Math.ceil(prompt.length / 4), outputTokens: Math.ceil(text.length / 4) },
    });
    expect(finishReason).toBe('stop');
    expect(server?.requests).toEqual([
      {
        body: {
          ...{ model: 'reader', temperature: 0.5, max_tokens: 400, seed: 7 },
          messages: [{ role: 'user', content: prompt }],
        },
        prompt,
        authorization: undefined,
      },
    ]);
    expect(await model.complete({ prompt, seed: 7 }, never)).toEqual({ text, usage, finishReason });
    expect((await model.complete({ prompt, seed: 8 }, never)).text).not.toBe(text);
  });

  it('takes a system text, and its own number of tokens; an answer that was cut off says so', async () => {
    const model = await open();
    const cut = await model.complete({ system: 'Be brief.', prompt, seed: 1, tokensMax: 3 }, never);
    expect(cut).toMatchObject({ text: 'I would chan', finishReason: 'length', usage: { outputTokens: 3 } });
    expect(server?.requests[0]?.body).toEqual({
      ...{ model: 'reader', max_tokens: 3, seed: 1 },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: prompt },
      ],
    });
  });

  it('is identified by who answers and by what its answers depend on, and by no secret', async () => {
    const model = await open({}, { temperature: 1, apiKeyVariable: 'KEY' }, { KEY: 'secret' });
    const baseURL = server?.baseURL;
    expect(model.ref).toEqual({
      ...{ name: 'openai-compatible', version: 1 },
      config: { baseURL, model: 'reader', temperature: 1, maxTokens: 4096 },
    });
  });

  it('brings the key that the named variable holds', async () => {
    const model = await open({ apiKey: 'secret' }, { apiKeyVariable: 'KEY' }, { KEY: 'secret' });
    expect((await model.complete({ prompt, seed: 1 }, never)).finishReason).toBe('stop');
    expect(server?.requests[0]?.authorization).toBe('Bearer secret');
  });
});

describe('a language model that does not answer', () => {
  const ask = async (options: ModelOptions, spec: object = {}) => {
    const model = await open(options, spec, { KEY: 'secret-123' });
    return failureOf(model.complete({ prompt, seed: 1 }, never));
  };

  const refused = (status: number): string => `${service} refused the request with ${status}: slow down.`;

  it.each([
    [429, 'GENERATOR_FAILED', true, `${service} answered 429: slow down`],
    [503, 'GENERATOR_FAILED', true, `${service} answered 503: slow down`],
    [408, 'GENERATOR_FAILED', true, `${service} answered 408: slow down`],
    [
      400,
      'MODEL_REFUSED',
      false,
      `${refused(400)} Check the model, its settings and the length of the prompt.`,
    ],
    [404, 'MODEL_REFUSED', false, `${refused(404)} Check the baseURL and the name of the model.`],
  ])('with %i is %s', async (status, code, retryable, message) => {
    expect(await ask(answering({ status, body: 'slow\n down' }))).toEqual({
      ...{ code, retryable, message },
    });
    // Not even once is it tried again behind the ledger's back.
    expect(server?.requests).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'hello', 'something that is no chat completion: hello'],
    ['JSON of another shape', '{"ok":true}', 'something that is no chat completion: {"ok":true}'],
    ['nothing', '', 'something that is no chat completion'],
  ])('with %s may be asked again', async (_what, body, said) => {
    expect(await ask(answering({ status: 200, body }))).toEqual({
      ...{ code: 'GENERATOR_FAILED', retryable: true },
      message: `${service} answered with ${said}. Check the baseURL.`,
    });
  });

  it('with no choices may be asked again', async () => {
    const body = JSON.stringify({ id: 'x', created: 0, model: 'm', choices: [] });
    expect(await ask(answering({ status: 200, body }))).toMatchObject({
      code: 'GENERATOR_FAILED',
      retryable: true,
    });
  });

  it('where the key is wrong is refused, and the key is not quoted', async () => {
    expect(await ask({ apiKey: 'another' }, { apiKeyVariable: 'KEY' })).toEqual({
      ...{ code: 'MODEL_REFUSED', retryable: false },
      message: `${service} refused the request with 401: {"error":{"message":"Incorrect API key provided: Bearer [key]","type":"invalid_request_error"}}. Check the key that the variable named as apiKeyVariable holds.`,
    });
  });

  it('where the variable is not set is not even opened', async () => {
    const spec = modelSpecSchema.parse({
      baseURL: 'http://127.0.0.1:9/v1',
      model: 'm',
      apiKeyVariable: 'NO_KEY',
    });
    for (const environment of [{}, { NO_KEY: '' }]) {
      expect(await failureOf(openLanguageModel(spec, environment))).toEqual({
        ...{ code: 'USAGE', retryable: false },
        message:
          'The environment variable NO_KEY, which is to hold the API key, is not set. Set it, or name another as apiKeyVariable.',
      });
    }
  });

  it('in time is given up', async () => {
    expect(await ask(answering('silence'), { timeoutMs: 30 })).toEqual({
      ...{ code: 'GENERATOR_FAILED', retryable: true },
      message: `${service} did not answer within 30 ms. Allow more with timeoutMs.`,
    });
  });

  it('because it is not there can be asked again', async () => {
    const model = await open();
    await server?.close();
    server = undefined;
    const { message, ...rest } = await failureOf(model.complete({ prompt, seed: 1 }, never));
    expect(rest).toEqual({ code: 'GENERATOR_FAILED', retryable: true });
    expect(message).toBe(
      `${service} cannot be reached: connect ECONNREFUSED HERE. Check that it runs, and the baseURL.`,
    );
  });

  it('to somebody who has stopped asking gives the reason of the stop', async () => {
    const stopped = new AbortController();
    const reason = new Error('stopped by the operator');
    const model = await open({
      fault: () => {
        stopped.abort(reason);
        return 'silence';
      },
    });
    await expect(model.complete({ prompt, seed: 1 }, stopped.signal)).rejects.toBe(reason);
    await expect(model.complete({ prompt, seed: 1 }, stopped.signal)).rejects.toBe(reason);
    expect(server?.requests).toHaveLength(1);
  });
});
