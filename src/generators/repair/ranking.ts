import { seededRandom } from '../../kernel/random.ts';
import { logPrior } from './operator-priors.ts';
import type { RepairBase } from './repair-base.ts';

interface Weighing {
  /** Scale of the noise; 1 samples by the weights, 0 takes the heaviest first. */
  readonly spread: number;
  /** Factor of the logarithm of the operators' weights. */
  readonly priorWeight: number;
  /** To the logarithm of each edit's weight. */
  readonly additions: readonly number[] | null;
}

/**
 * Scores whose descending order is a weighted random order without replacement: log weight plus Gumbel noise (Vieira 2014,
 * "Gumbel-max trick and weighted reservoir sampling"; equal to Efraimidis and Spirakis 2006 with keys u^(1/w)). The noise
 * depends on the seed and the base alone, so that better knowledge moves an edit but does not reshuffle the others.
 */
export function scoresOf(
  base: RepairBase,
  seed: string,
  { spread, priorWeight, additions }: Weighing,
): readonly number[] {
  const random = seededRandom(`${seed} ${base.digest}`);
  return base.mutations.map(({ operator }, index) => {
    // In (0, 1): both logarithms stay finite.
    const uniform = (random.int(0, 0xfffffff) + 0.5) / 0x10000000;
    const noise = -Math.log(-Math.log(uniform));
    return priorWeight * logPrior(operator) + (additions?.[index] ?? 0) + spread * noise;
  });
}

/** Indices by descending score; the earlier of equals first. */
export function descending(scores: readonly number[]): readonly number[] {
  return scores
    .map((_, index) => index)
    .sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0) || left - right);
}
