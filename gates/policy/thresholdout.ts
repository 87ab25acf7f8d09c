import { mustBeCount, mustBeFinite } from './math/domain.ts';

export interface ThresholdoutNoise {
  /** Of the first threshold: Laplace(2s). */
  readonly gamma0: number;
  /** Of the threshold after each answer that was paid for: Laplace(2s). */
  readonly gammas: readonly number[];
  /** Of the comparison, per query: Laplace(4s). */
  readonly etas: readonly number[];
  /** Of the answer, per query: Laplace(s). */
  readonly xis: readonly number[];
}

export interface ThresholdoutAnswers {
  /** Null once the budget was spent. */
  readonly answers: readonly (number | null)[];
  readonly budgetLeft: number;
}

/**
 * Thresholdout (Dwork et al. 2015, arXiv 1506.02629) on given noise: as long as training and held-out values agree up to a
 * noisy threshold, the training value is the answer; otherwise the held-out value with noise, which costs one of the budget. It
 * protects the accuracy of numeric answers at thousands of items; it is not a rule for promotions.
 *
 * @param queries pairs of training and held-out value
 */
export function thresholdout(
  queries: readonly (readonly [train: number, heldOut: number])[],
  threshold: number,
  budget: number,
  noise: ThresholdoutNoise,
): ThresholdoutAnswers {
  mustBeCount(budget, 'the budget');
  mustBeFinite(threshold, 'the threshold');
  mustBeFinite(noise.gamma0, 'noise');
  let noisyThreshold = threshold + noise.gamma0;
  let budgetLeft = budget;
  const answers = queries.map(([train, heldOut], query) => {
    if (budgetLeft <= 0) return null;
    if (Math.abs(finite(heldOut) - finite(train)) <= noisyThreshold + finite(noise.etas[query])) return train;
    // Without budget there is no next threshold.
    noisyThreshold = threshold + (budgetLeft > 1 ? finite(noise.gammas[budget - budgetLeft]) : 0);
    budgetLeft -= 1;
    return heldOut + finite(noise.xis[query]);
  });
  return { answers, budgetLeft };
}

function finite(value = Number.NaN): number {
  mustBeFinite(value, 'a value or its noise');
  return value;
}
