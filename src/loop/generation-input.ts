import type { FlagNumbers } from '../events/replay-flags.ts';
import type { BlobRef } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import { digestOf } from '../kernel/digest.ts';
import type { DialogueTurn } from '../strategies/strategy.ts';
import type { Contents } from './contents.ts';
import type { EpisodeData, EpisodeState } from './episode-state.ts';
import { generatorDialogue } from './generator-dialogue.ts';
import type { PromptTemplate } from './prompt-template.ts';
import { renderPrompt } from './render-prompt.ts';
import { renderPromptTemplate } from './render-prompt-template.ts';

/** What prompts are rendered by, beside the task and the turns. */
export interface PromptContext {
  /** The replay flags that the run was written with. */
  readonly flags: FlagNumbers;
  /** The template that the run's prompts are rendered from; null: the rendering that is built in. */
  readonly template: PromptTemplate | null;
}

type GenerationInput = Pick<EpisodeData<'GenerationRequested'>, 'key' | 'sample' | 'parent' | 'prompt'> & {
  readonly dialogue: readonly DialogueTurn[];
};

/** What a generator is told, taken into the contents. */
export async function promptFor(
  dialogue: readonly DialogueTurn[],
  state: EpisodeState,
  { contents, flags, template }: PromptContext & { readonly contents: Contents },
): Promise<BlobRef> {
  const turns = await generatorDialogue(dialogue, state, contents);
  const text =
    template === null
      ? renderPrompt(state.view, turns, flags)
      : renderPromptTemplate(template, state.view, turns);
  // As it is stored: a generator is to be told just what the ledger says.
  return contents.add(text.toWellFormed());
}

/**
 * What the recorded answer depends on: all that the generator is given, and who it is. The built-in prompt follows from the
 * rest; one from a template does not, so a branch with another template is answered only where it tells the same.
 */
export function generationInputDigest(
  state: EpisodeState,
  { key, sample, parent, dialogue, prompt }: GenerationInput,
  { template }: Pick<PromptContext, 'template'>,
): Digest {
  const { view, generator } = state.started;
  const seed = generationSeed(state, key);
  const told = template === null ? {} : { prompt: prompt.digest };
  return digestOf({ task: view.digest, generator, seed, sample, parent, dialogue, ...told });
}

/** Without the attempt: a retry asks for the same thing again. */
export function generationSeed(state: EpisodeState, key: { ordinal: number; occurrence: number }): string {
  return `${state.started.seed}/${key.ordinal}.${key.occurrence}`;
}
