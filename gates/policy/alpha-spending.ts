import { type GammaSequence, lordGamma } from './gamma-sequences.ts';
import { mustBeLevel, mustBeShare } from './math/domain.ts';
import type { OnlineProcedure } from './online-tests.ts';

/** α·γ_t: family-wise error at most α under any dependence, for hypotheses that are not chosen from the same data. */
export function alphaSpending(alpha: number, gamma: GammaSequence = lordGamma): OnlineProcedure {
  mustBeLevel(alpha, 'alpha');
  let tests = 0;
  const level = (): number => alpha * gamma(tests + 1);
  return {
    level,
    observe(p) {
      mustBeShare(p, 'a p-value');
      const rejected = p <= level();
      tests += 1;
      return rejected;
    },
  };
}

/** α·γ_t plus the level of the test before, if that one rejected. Tian & Ramdas 2021 (arXiv 1910.04900). */
export function onlineFallback(alpha: number, gamma: GammaSequence = lordGamma): OnlineProcedure {
  mustBeLevel(alpha, 'alpha');
  let tests = 0;
  let handedOn = 0;
  const level = (): number => alpha * gamma(tests + 1) + handedOn;
  return {
    level,
    observe(p) {
      mustBeShare(p, 'a p-value');
      const spent = level();
      const rejected = p <= spent;
      handedOn = rejected ? spent : 0;
      tests += 1;
      return rejected;
    },
  };
}
