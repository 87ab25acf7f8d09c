import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

/** Whatever goes wrong, an answer is not waited for longer than this. */
const timeoutMsMax = 300_000;

/** How a model is asked for, in a file or on the command line. It is recorded, so it holds the name of a key, never a key. */
export const modelSpecSchema = z.strictObject({
  api: z.literal('openai-compatible').default('openai-compatible'),
  /** Up to, and without, `/chat/completions`. */
  baseURL: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'it must hold no user name, password, query or fragment')
    .transform((url) => url.replace(/\/+$/, '')),
  model: z.string().min(1).max(200),
  /** Null: the service's own. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  /** Most tokens of one answer. */
  maxTokens: z.int().min(1).max(1_000_000).default(4096),
  /** Environment variable that holds the API key; null where the service wants none. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not the key')
    .nullable()
    .default(null),
  timeoutMs: z.int().min(1).max(timeoutMsMax).default(120_000),
});
export type ModelSpec = z.infer<typeof modelSpecSchema>;

/**
 * @param argument JSON, or the path of a file that holds it
 * @throws PawlError `USAGE` saying what is missing or not understood
 */
export async function readModelSpec(argument: string): Promise<ModelSpec> {
  const isInline = argument.trimStart().startsWith('{');
  const place = isInline ? 'The model' : `The model file ${argument}`;
  const parsed = modelSpecSchema.safeParse(parseJson(isInline ? argument : await textOf(argument), place));
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error);
  throw new PawlError(
    'USAGE',
    `${place} cannot be used:\n${why}\nIt takes baseURL and model, and may take temperature, maxTokens, apiKeyVariable and timeoutMs.`,
    { cause: parsed.error },
  );
}

function isPlain(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return username === '' && password === '' && search === '' && hash === '';
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // What the parser quotes of the text may be a key that was put in the wrong place.
    throw new PawlError('USAGE', `${place} is not JSON. Write {"baseURL":"https://…/v1","model":"…"}.`, {
      cause,
    });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const example = 'model:FILE.json, or model:{"baseURL":"https://…/v1","model":"…"}';
    const message =
      path === ''
        ? `Say which model: ${example}.`
        : `The model file ${path} cannot be read: ${messageOf(cause)}. Write ${example}.`;
    throw new PawlError('USAGE', message, { context: { path }, cause });
  }
}
