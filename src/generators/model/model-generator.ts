import { codeSyntaxOf } from '../../events/code-syntax.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Generator } from '../generator.ts';
import type { LanguageModel } from './language-model.ts';
import { programInAnswer } from './program-in-answer.ts';

const seedMax = 2 ** 31 - 1;

/**
 * Asks a language model for every candidate. It is told the recorded prompt and nothing else, so that the ledger holds word for
 * word what the model knew; its whole answer is kept beside the program that was found in it. An answer without a program is an
 * empty candidate, which the loop rejects.
 */
export function createModelGenerator(model: LanguageModel): Generator {
  const { name, version, config } = model.ref;
  return {
    ref: { name: 'model', version: 1, config: { ...config, api: name, apiVersion: version } },
    generate: async ({ task, prompt, seed }, signal) => {
      const { text, usage, finishReason } = await model.complete({ prompt, seed: seedNumber(seed) }, signal);
      const program = programInAnswer(text, codeSyntaxOf(task), task.entryPoint) ?? '';
      const how = finishReason === 'stop' ? '' : ` (${finishReason})`;
      return { program, completion: text, note: `as ${config['model']} answered${how}`, usage };
    },
    close: () => model.close(),
  };
}

/** Services take whole numbers. */
function seedNumber(seed: string): number {
  return seededRandom(seed).int(0, seedMax);
}
