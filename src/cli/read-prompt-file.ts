import { readFile } from 'node:fs/promises';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { parsePromptTemplate } from '../loop/prompt-template.ts';

/**
 * Text of a prompt template, checked.
 *
 * @throws PawlError `USAGE` for a file that is not there or is not UTF-8 text; `PROMPT_TEMPLATE_INVALID`
 */
export async function readPromptFile(path: string): Promise<string> {
  const text = await readText(path);
  return parsePromptTemplate(text).text;
}

async function readText(path: string): Promise<string> {
  try {
    // Every byte is kept, also a mark at the beginning: what the ledger holds is the file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    const message = `--prompt ${path} cannot be read: ${messageOf(cause)}. Name a file of UTF-8 text.`;
    throw new PawlError('USAGE', message, { context: { path }, cause });
  }
}
