import type { IncomingMessage } from 'node:http';

/** More than any answer that is read whole has; a longer one is not the engine's. */
const bytesMax = 32 * 1024 * 1024;
const wordsMax = 1_000;

export interface Answer {
  /** Undefined where the answer is empty or no JSON. */
  readonly json: unknown;
  /** The engine's message, or the beginning of what it sent instead of one. */
  readonly words: string;
}

/** @throws Error when the answer breaks off or is too long */
export async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`The answer is longer than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  if (!answer.complete) throw new Error('The answer broke off.');
  const text = Buffer.concat(chunks).toString();
  const json = parse(text);
  const message =
    typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string'
      ? json.message
      : text;
  return { json, words: message.trim().replaceAll(/\s+/g, ' ').slice(0, wordsMax) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
