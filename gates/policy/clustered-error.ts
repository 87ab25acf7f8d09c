import { must, mustBeCount, mustBeFinite } from './math/domain.ts';

export interface ClusteredError {
  readonly mean: number;
  /** As if all scores were independent. */
  readonly iid: number;
  /** Cluster-robust, without and with the correction √(G/(G-1)) for the number of clusters G. */
  readonly cr0: number;
  readonly cr1: number;
}

/**
 * Standard errors of a mean whose scores come in clusters (several samples or questions of one task): CR0 = √(Σ_c (Σ_{i∈c}
 * (s_i - s̄))²)/n. Asymptotic in the number of clusters; some 40 are needed. Of one score, or one cluster, the spread cannot be
 * told: the error is infinite (CR0 keeps its formula). Miller 2024 (arXiv 2411.00640).
 */
export function clusteredError(scores: readonly number[], clusters: readonly string[]): ClusteredError {
  const { length } = scores;
  mustBeCount(length, 'scores', 1);
  must(clusters.length === length, 'clusters', 'one per score', clusters.length);
  for (const score of scores) mustBeFinite(score, 'a score');
  const mean = scores.reduce((sum, score) => sum + score, 0) / length;
  const sums = new Map<string, number>();
  let squares = 0;
  for (const [index, score] of scores.entries()) {
    const deviation = score - mean;
    squares += deviation ** 2;
    const cluster = clusters[index] as string;
    sums.set(cluster, (sums.get(cluster) ?? 0) + deviation);
  }
  const cr0 = Math.sqrt([...sums.values()].reduce((total, sum) => total + sum ** 2, 0)) / length;
  return {
    mean,
    iid: length === 1 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (length * (length - 1))),
    cr0,
    cr1: sums.size === 1 ? Number.POSITIVE_INFINITY : cr0 * Math.sqrt(sums.size / (sums.size - 1)),
  };
}
