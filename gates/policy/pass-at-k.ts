import { must, mustBeCount } from './math/domain.ts';

/**
 * Unbiased estimate of the probability that at least one of k samples passes, from c passes among n >= k independent samples:
 * 1 - C(n-c, k)/C(n, k), as the product 1 - Π_{i=n-c+1}^{n} (1 - k/i). Chen et al. 2021 (arXiv 2107.03374).
 */
export function passAtK(samples: number, passes: number, k: number): number {
  mustBeCount(k, 'k', 1);
  mustBeCount(samples, 'samples', k);
  mustBeCount(passes, 'passes');
  must(passes <= samples, 'passes', 'at most all samples', passes);
  if (samples - passes < k) return 1;
  let allFail = 1;
  for (let index = samples - passes + 1; index <= samples; index += 1) allFail *= 1 - k / index;
  return 1 - allFail;
}
