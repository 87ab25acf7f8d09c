import type { GeneratorTurn } from '../generators/generator.ts';
import { invariant } from '../kernel/pawl-error.ts';
import type { DialogueTurn } from '../strategies/strategy.ts';
import type { Contents } from './contents.ts';
import type { EpisodeState } from './episode-state.ts';

/** Fills the turns a strategy named by digest with what they say. Only what a strategy chose to show is in it. */
export async function generatorDialogue(
  dialogue: readonly DialogueTurn[],
  state: EpisodeState,
  contents: Contents,
): Promise<readonly GeneratorTurn[]> {
  const turns: GeneratorTurn[] = [];
  for (const { candidate, feedback } of dialogue) {
    const known = state.candidates[candidate];
    invariant(known !== undefined, 'a shown candidate was generated before');
    const program = await contents.text(known.program.digest);
    if (feedback === null) {
      turns.push({ candidate, program, feedback: null });
      continue;
    }
    invariant(known.feedback?.text === feedback, 'shown feedback was composed before');
    const { text, result } = known.feedback;
    turns.push({
      candidate,
      program,
      feedback: {
        text: await contents.text(text),
        execution: result === null ? null : await contents.result(result),
      },
    });
  }
  return turns;
}
