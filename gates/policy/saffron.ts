import { type GammaSequence, saffronGamma } from './gamma-sequences.ts';
import { must, mustBeLevel, mustBeShare } from './math/domain.ts';
import type { OnlineProcedure } from './online-tests.ts';

interface AdaptiveOptions {
  readonly alpha: number;
  readonly startWealth: number;
  /** p-values at most this are candidates: only they are paid for. */
  readonly candidateMax: number;
  /** p-values above this do not count at all. */
  readonly countedMax: number;
  readonly gamma: GammaSequence;
}

/**
 * SAFFRON (arXiv 1802.09098): min(λ, (1-λ)[w0 γ_{t-C0} + (α-w0)γ_{t-τ1-C1} + α Σ γ_{t-τj-Cj}]), Cj the candidates since the j-th
 * rejection. Controls the FDR for independent p-values.
 */
export function saffron(
  alpha: number,
  startWealth = alpha / 2,
  candidateMax = 0.5,
  gamma: GammaSequence = saffronGamma,
): OnlineProcedure {
  return adaptive({ alpha, startWealth, candidateMax, countedMax: 1, gamma });
}

/** ADDIS (arXiv 1905.11465): SAFFRON whose clock counts only p-values at most τ, for conservative null p-values. */
export function addis(
  alpha: number,
  startWealth = alpha / 2,
  candidateMax = 0.25,
  countedMax = 0.5,
  gamma: GammaSequence = saffronGamma,
): OnlineProcedure {
  return adaptive({ alpha, startWealth, candidateMax, countedMax, gamma });
}

function adaptive({ alpha, startWealth, candidateMax, countedMax, gamma }: AdaptiveOptions): OnlineProcedure {
  mustBeLevel(alpha, 'alpha');
  must(startWealth >= 0 && startWealth <= alpha, 'the first wealth', 'at most alpha', startWealth);
  mustBeLevel(candidateMax, 'lambda');
  must(countedMax > candidateMax && countedMax <= 1, 'tau', 'above lambda and at most 1', countedMax);
  let counted = 0;
  let candidates = 0;
  // Per rejection: the clock, with its own test, and the candidates so far.
  const rejections: { readonly counted: number; readonly candidates: number }[] = [];
  const level = (): number => {
    const now = counted + 1;
    const sum = rejections.reduce(
      (total, { counted: then, candidates: before }, index) =>
        total + (index === 0 ? alpha - startWealth : alpha) * gamma(now - then - (candidates - before)),
      startWealth * gamma(now - candidates),
    );
    return Math.min(candidateMax, (countedMax - candidateMax) * sum);
  };
  return {
    level,
    observe(p) {
      mustBeShare(p, 'a p-value');
      const rejected = p <= level();
      if (p <= countedMax) counted += 1;
      if (p <= candidateMax) candidates += 1;
      if (rejected) rejections.push({ counted, candidates });
      return rejected;
    },
  };
}
