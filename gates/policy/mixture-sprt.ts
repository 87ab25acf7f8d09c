import { mustBeCount, mustBeFinite, mustBePositive } from './math/domain.ts';
import { exp } from './math/elementary.ts';

/**
 * Mixture sequential probability ratio test with a normal mixture N(0, τ²) over the mean, for a sum S of n differences of
 * known variance σ²: √(σ²/(σ² + nτ²)) · exp(τ²S²/(2σ²(σ² + nτ²))). Two-sided in the mean; asymptotic where the variance is
 * estimated. Robbins 1970; Johari et al. 2015 (arXiv 1512.04922).
 */
export function mixtureSprt(sum: number, items: number, variance: number, mixtureVariance: number): number {
  mustBeFinite(sum, 'the sum');
  mustBeCount(items, 'items');
  mustBePositive(variance, 'the variance');
  mustBePositive(mixtureVariance, 'the variance of the mixture');
  const total = variance + items * mixtureVariance;
  return Math.sqrt(variance / total) * exp((mixtureVariance * sum * sum) / (2 * variance * total));
}
