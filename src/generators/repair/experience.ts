import type { ExecutionResult } from '../../events/execution-result.ts';
import { effectOf } from './effect.ts';
import type { Attempt } from './informed-choice.ts';
import { normalizedText } from './normalized-text.ts';
import type { RepairBase } from './repair-base.ts';

/**
 * What edits of this base that were tried already tell about the edits that touch the same text: where a change mends or
 * moves failing tests and breaks none, the fault is near; where it only breaks passing tests, it is not. The idea of
 * mutation-based fault localisation: Moon, Kim, Kim, Yoo, "Ask the Mutants" (MUSE), ICST 2014; Papadakis and Le Traon,
 * "Metallaxis-FL", STVR 2015.
 *
 * @returns additions to the logarithm of each edit's weight
 */
export function experienceOf(
  base: RepairBase,
  execution: ExecutionResult,
  attempts: readonly Attempt[],
): readonly number[] {
  const additions = new Array<number>(base.mutations.length).fill(0);
  for (const attempt of attempts) {
    if (attempt.execution === null) continue;
    const tried = base.indexOfResult.get(normalizedText(attempt.program));
    const edit = tried === undefined ? undefined : base.mutations[tried];
    if (edit === undefined) continue;
    const { mended, broken, moved } = effectOf(execution, attempt.execution);
    let near = 0;
    if (mended > 0 && broken === 0) near = 1;
    else if (mended > 0) near = 0.5;
    else if (broken > 0 && !moved) near = -1;
    else if (broken > 0) near = -0.4;
    else near = moved ? 0.1 : -0.4;
    const { start, end } = edit.range;
    for (const [index, { range }] of base.mutations.entries()) {
      if (range.start <= end && start <= range.end) additions[index] = (additions[index] ?? 0) + near;
    }
  }
  return additions;
}
