import { type GammaSequence, lordGamma } from './gamma-sequences.ts';
import { must, mustBeEValue, mustBeLevel, mustBeShare } from './math/domain.ts';
import type { OnlineProcedure } from './online-tests.ts';

/**
 * LORD++ (arXiv 1710.00499): γ_t w0 + (α - w0)γ_{t-τ1} + α Σ_{j>=2} γ_{t-τj}, τj the time of the j-th rejection. Controls the FDR
 * for independent p-values.
 *
 * @param startWealth w0, by default α/10
 */
export function lordPlusPlus(
  alpha: number,
  startWealth = alpha / 10,
  gamma: GammaSequence = lordGamma,
): OnlineProcedure {
  mustBeLevel(alpha, 'alpha');
  must(startWealth >= 0 && startWealth <= alpha, 'the first wealth', 'at most alpha', startWealth);
  let tests = 0;
  const rejections: number[] = [];
  const level = (): number => {
    const t = tests + 1;
    return rejections.reduce(
      (sum, time, index) => sum + (index === 0 ? alpha - startWealth : alpha) * gamma(t - time),
      startWealth * gamma(t),
    );
  };
  return {
    level,
    observe(p) {
      mustBeShare(p, 'a p-value');
      const rejected = p <= level();
      tests += 1;
      if (rejected) rejections.push(tests);
      return rejected;
    },
  };
}

/** LOND: α·γ_t·(D + 1) with D rejections so far. */
export function lond(alpha: number, gamma: GammaSequence = lordGamma): OnlineProcedure {
  return countingRejections(alpha, gamma, (p, level) => {
    mustBeShare(p, 'a p-value');
    return p <= level;
  });
}

/** e-LOND (arXiv 2311.06412): rejects e >= 1/(α·γ_t·(D + 1)); controls the FDR under any dependence. */
export function eLond(alpha: number, gamma: GammaSequence = lordGamma): OnlineProcedure {
  return countingRejections(alpha, gamma, (e, level) => {
    mustBeEValue(e);
    return e >= 1 / level;
  });
}

function countingRejections(
  alpha: number,
  gamma: GammaSequence,
  rejects: (value: number, level: number) => boolean,
): OnlineProcedure {
  mustBeLevel(alpha, 'alpha');
  let tests = 0;
  let rejections = 0;
  const level = (): number => alpha * gamma(tests + 1) * (rejections + 1);
  return {
    level,
    observe(value) {
      const rejected = rejects(value, level());
      tests += 1;
      if (rejected) rejections += 1;
      return rejected;
    },
  };
}
