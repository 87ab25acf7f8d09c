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
  let noisyThreshold = threshold + noise.gamma0;
  let budgetLeft = budget;
  const answers = queries.map(([train, heldOut], query) => {
    if (budgetLeft <= 0) return null;
    if (Math.abs(heldOut - train) <= noisyThreshold + (noise.etas[query] as number)) return train;
    noisyThreshold = threshold + (noise.gammas[budget - budgetLeft] as number);
    budgetLeft -= 1;
    return heldOut + (noise.xis[query] as number);
  });
  return { answers, budgetLeft };
}
