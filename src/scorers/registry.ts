import { PawlError } from '../kernel/pawl-error.ts';
import type { Scorer } from './scorer.ts';
import { testsScorer } from './tests-scorer.ts';

export const scorers: readonly Scorer[] = [testsScorer];

/** @throws PawlError `SCORER_NOT_FOUND` naming the scorers there are */
export function scorerNamed(name: string): Scorer {
  const found = scorers.find((scorer) => scorer.name === name);
  if (found === undefined) {
    const known = scorers.map((scorer) => scorer.name).join(', ');
    throw new PawlError('SCORER_NOT_FOUND', `There is no scorer "${name}". Choose one of: ${known}.`, {
      context: { name },
    });
  }
  return found;
}
