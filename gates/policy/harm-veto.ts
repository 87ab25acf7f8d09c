import { heldOutTest } from './held-out-test.ts';
import type { Rational } from './math/rational.ts';
import { toNumber } from './math/rational.ts';
import { type Discordance, mcnemarPValue } from './mcnemar.ts';
import { nonInferiorityDifferences } from './non-inferiority.ts';
import { discordanceOf, momentsOf } from './paired-outcomes.ts';

export interface SliceOutcome {
  readonly vetoes: boolean;
  readonly mean: number;
  /** One-sided p that the slice got worse (veto), or that it is not proved harmless (prove: 1/capital, at most 1). */
  readonly p: number;
}

/**
 * A protected slice vetoes where it looks harmed: exact McNemar p of harm at most `harmLevel`, or a mean below -margin. A veto
 * can only lower the error of the test it stands beside; it proves nothing about slices that pass.
 */
export function harmVeto(differences: readonly number[], margin: number, harmLevel: Rational): SliceOutcome {
  const { wins, losses }: Discordance = discordanceOf(differences);
  const p = toNumber(mcnemarPValue({ wins: losses, losses: wins }));
  const { mean } = momentsOf(differences);
  return { vetoes: p <= toNumber(harmLevel) || mean < -margin, mean, p };
}

/**
 * A protected slice must be proved not worse than the margin: the deadline bet on (D + margin)/(1 + margin) at `level`. A slice
 * that is worse passes with probability at most that.
 */
export function proveNonInferior(
  differences: readonly number[],
  margin: number,
  level: Rational,
): SliceOutcome {
  const scaled = nonInferiorityDifferences(differences, margin);
  const method = { kind: 'deadline-bet', cap: 0.9, variancePrior: 0.15, priorItems: 10 } as const;
  const { rejects, evidence } = heldOutTest(scaled.length, (index) => scaled[index] as number, level, method);
  const capital = 'capital' in evidence ? evidence.capital : 1;
  return { vetoes: !rejects, mean: momentsOf(differences).mean, p: Math.min(1, 1 / capital) };
}
