import { z } from 'zod';
import type { Json } from '../../../kernel/json.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { cutText } from '../../cut-text.ts';

const contractSchema = z.object({
  content: z.json(),
  hypothesis: z.string().trim().min(1).max(2000),
  predictedGain: z.number().min(-1).max(1),
  falsifiedBy: z.string().trim().min(1).max(2000),
});

/** What a model answers when it proposes; what else it puts in is dropped. */
export interface AnsweredContract {
  readonly content: Json;
  readonly hypothesis: string;
  readonly predictedGain: number;
  readonly falsifiedBy: string;
}

/**
 * The contract that an answer holds: the last code block that is a JSON object, else all of the answer, else what stands between
 * its first and last brace.
 *
 * @throws PawlError `PROPOSAL_INVALID` saying what is wrong with it
 */
export function contractInAnswer(answer: string): AnsweredContract {
  const object = objectIn(answer);
  if (object === null) {
    const said = cutText(answer.trim(), 200) || 'nothing';
    throw new PawlError('PROPOSAL_INVALID', `There is no JSON object in the answer: ${said}`);
  }
  const parsed = contractSchema.safeParse(object);
  if (!parsed.success) throw new PawlError('PROPOSAL_INVALID', z.prettifyError(parsed.error));
  return parsed.data as AnsweredContract;
}

function objectIn(answer: string): object | null {
  const blocks = [...answer.matchAll(/^ {0,3}(`{3,})\w*[ \t]*\r?\n([\s\S]*?)\r?\n {0,3}\1[ \t]*$/gm)];
  const texts = [...blocks.map(([, , text = '']) => text).reverse(), answer];
  const [first, last] = [answer.indexOf('{'), answer.lastIndexOf('}')];
  if (first >= 0 && last > first) texts.push(answer.slice(first, last + 1));
  for (const text of texts) {
    const value = parsedJson(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  }
  return null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
