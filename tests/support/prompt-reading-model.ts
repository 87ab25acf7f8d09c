import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { asksToReflect, reflectedAnswer } from './reflecting-reader.ts';
import { openRepairReader, type RepairReader } from './repair-reader.ts';

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user']), content: z.string() })).min(1),
  seed: z.int().optional(),
  temperature: z.number().optional(),
  max_tokens: z.int().positive().optional(),
});

/** What the model was asked, as it came over the wire. */
export interface ModelQuestion {
  readonly body: z.infer<typeof chatSchema>;
  readonly prompt: string;
  readonly authorization: string | undefined;
}

/** Instead of an answer. */
export interface ModelFault {
  readonly status: number;
  readonly body: string;
}

export interface ModelOptions {
  /** 0: any free one. */
  readonly port?: number;
  /** Where given, only who brings it is answered. */
  readonly apiKey?: string;
  /** Looks at a question, and at how often just that was asked before; null: it is answered. `silence`: it never is. */
  readonly fault?: (question: ModelQuestion, askedBefore: number) => ModelFault | 'silence' | null;
}

export interface PromptReadingModel {
  readonly baseURL: string;
  readonly requests: readonly ModelQuestion[];
  close(): Promise<void>;
}

/**
 * A language model for tests, on the loopback interface, over the chat-completions protocol. It repairs programs and knows
 * nothing but its prompt (`repair-reader.ts`), so that a template decides what it solves. Asked to change a prompt or parameters,
 * it looks for what is missing (`reflecting-reader.ts`). Equal questions get equal answers.
 */
export async function startPromptReadingModel(options: ModelOptions = {}): Promise<PromptReadingModel> {
  const { port = 0, apiKey, fault } = options;
  const requests: ModelQuestion[] = [];
  const asked = new Map<string, number>();
  const reader = await openRepairReader();
  const server = createServer((request, response) => {
    const reply = (status: number, body: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    const refuse = (status: number, message: string): void =>
      reply(status, JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
    void questionOf(request).then(async (question) => {
      if (typeof question === 'string') return refuse(400, question);
      if (request.url !== '/v1/chat/completions') return refuse(404, `no ${request.url} here`);
      if (apiKey !== undefined && question.authorization !== `Bearer ${apiKey}`)
        return refuse(401, `Incorrect API key provided: ${question.authorization ?? 'none'}`);
      requests.push(question);
      const same = sha256Hex(JSON.stringify(question.body));
      const before = asked.get(same) ?? 0;
      asked.set(same, before + 1);
      const wrong = fault?.(question, before) ?? null;
      if (wrong === 'silence') return;
      if (wrong !== null) return reply(wrong.status, wrong.body);
      reply(200, JSON.stringify(await completionOf(question, reader)));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await reader.close();
  };
  return { baseURL, requests, close };
}

async function questionOf(request: IncomingMessage): Promise<ModelQuestion | string> {
  try {
    const body = chatSchema.parse(JSON.parse(await text(request)));
    const prompt = body.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    return { body, prompt, authorization: request.headers.authorization };
  } catch (error) {
    return String(error);
  }
}

async function completionOf({ body, prompt }: ModelQuestion, reader: RepairReader) {
  const full = asksToReflect(prompt)
    ? reflectedAnswer(prompt)
    : await reader.answer(prompt, String(body.seed ?? 0));
  const tokens = (what: string): number => Math.ceil(what.length / 4);
  const content = full.slice(0, (body.max_tokens ?? 4096) * 4);
  const finish_reason = content.length < full.length ? 'length' : 'stop';
  const [prompt_tokens, completion_tokens] = [tokens(prompt), tokens(content)];
  return {
    ...{ id: `answer-${sha256Hex(JSON.stringify(body)).slice(0, 12)}`, object: 'chat.completion' },
    ...{ created: 0, model: body.model },
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

/** `npx node tests/support/prompt-reading-model.ts --port 8642` serves until it is stopped. */
if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
  const { baseURL } = await startPromptReadingModel({ port: Number(values.port) });
  process.stdout.write(`${baseURL}\n`);
}
