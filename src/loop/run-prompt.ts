import type { Ledger } from '../ledger/ledger.ts';
import { type PromptTemplate, parsePromptTemplate } from './prompt-template.ts';
import type { RunData } from './run-state.ts';

/**
 * The template that a run renders its prompts from; null where it is the rendering that is built in.
 *
 * @throws PawlError `BLOB_ERASED`, `BLOB_NOT_FOUND`, `BLOB_CORRUPT`; `PROMPT_TEMPLATE_INVALID` for one that only another build
 * can read
 */
export async function runPrompt(
  ledger: Ledger,
  { prompt }: Pick<RunData<'RunStarted'>, 'prompt'>,
): Promise<PromptTemplate | null> {
  return prompt === null ? null : parsePromptTemplate(await ledger.getText(prompt.digest));
}
