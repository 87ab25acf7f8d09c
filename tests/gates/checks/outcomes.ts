import type { ItemOutcome, ItemUse } from '../../../gates/checks/item-outcome.ts';
import { itemIds } from '../../support/gate-definition.ts';

export const use = (candidates: number, steps = candidates): ItemUse => ({
  ...{ candidates, executions: candidates, tokens: 0, steps, wallMs: 0 },
});

/**
 * Outcomes as a text, an item per letter: `w` the challenger alone passes, `l` the champion alone, `b` both, `n` neither, `?` the
 * challenger could not be graded.
 */
export function outcomes(letters: string, split = 'heldout'): ItemOutcome[] {
  const ids = itemIds(split, letters.length);
  return [...letters].map((letter, index) => ({
    ...{ item: ids[index] ?? '', cluster: null, slices: [], challengerUse: use(1), championUse: use(1) },
    challenger: letter === '?' ? null : letter === 'w' || letter === 'b' ? 1 : 0,
    champion: letter === 'l' || letter === 'b' ? 1 : 0,
  }));
}

/** Graded outcomes from pairs of challenger and champion. */
export function graded(pairs: readonly (readonly [number, number])[], split = 'heldout'): ItemOutcome[] {
  return outcomes('n'.repeat(pairs.length), split).map((outcome, index) => {
    const [challenger, champion] = pairs[index] ?? [0, 0];
    return { ...outcome, challenger, champion };
  });
}
