import type { GenerationRequest } from '../generators/generator.ts';
import type { Contents } from './contents.ts';
import type { EpisodeData, EpisodeState } from './episode-state.ts';
import { generationSeed } from './generation-input.ts';
import { generatorDialogue } from './generator-dialogue.ts';

/**
 * What the generator is asked for, from the recorded request and the state it was made in.
 *
 * @throws PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED`, `BLOB_CORRUPT`
 */
export async function generationRequest(
  { key, parent, sample, dialogue, prompt }: EpisodeData<'GenerationRequested'>,
  state: EpisodeState,
  contents: Contents,
): Promise<GenerationRequest> {
  return {
    task: state.view,
    seed: generationSeed(state, key),
    episodeSeed: state.started.seed,
    sample,
    parent,
    prompt: await contents.text(prompt.digest),
    dialogue: await generatorDialogue(dialogue, state, contents),
  };
}
