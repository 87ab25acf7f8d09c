import type { MetricName } from './metrics.ts';
import type { MetricProfile, Profile } from './profile.ts';
import { rankSumP } from './rank-sum.ts';

/** `too_few`: with so few repeats nothing could be told, whatever came. `unavailable`: one of the two has no numbers. */
export type MetricVerdict = 'less' | 'more' | 'equal' | 'noise' | 'too_few' | 'unavailable';

/** The second program by one metric, beside the first. */
export interface MetricComparison {
  readonly name: MetricName;
  /** Median of the second over median of the first; null where that is 0 or there is none. */
  readonly ratio: number | null;
  /** Of the exact rank-sum test; null where numbers are compared as they are, or none are. */
  readonly p: number | null;
  readonly verdict: MetricVerdict;
}

export interface ProfileComparison {
  /** `different_outcomes`: what costs less because it ends otherwise is not faster. */
  readonly verdict: 'faster' | 'slower' | 'not_told_apart' | 'different_outcomes';
  /** The metric that the verdict is about; null for different outcomes. */
  readonly decidedBy: MetricName | null;
  readonly metrics: readonly MetricComparison[];
}

/** Of each test by itself: where a program is compared with itself, one of eight metrics differs in one comparison of fifteen. */
export const levelOfNoise = 0.01;

/**
 * Is the second program cheaper than the first by more than the noise? The rule:
 *
 * - A deterministic metric that was stable in both is compared as it is; any difference counts.
 * - Every other metric differs if an exact two-sided rank-sum test of its samples has p ≤ `levelOfNoise`. Five samples each
 *   are the fewest with which it can, and then only if no sample of one lies among those of the other.
 * - Faster or slower is decided by processor time, and by real time where no processor time was counted, and only if every
 *   execution of both came to one and the same outcome.
 *
 * Both profiles must come from one `profilePrograms`, so that the machine was the same for both.
 */
export function compareProfiles(first: Profile, second: Profile): ProfileComparison {
  const metrics = first.metrics.map((metric) =>
    compareMetric(
      metric,
      second.metrics.find(({ name }) => name === metric.name),
    ),
  );
  const outcomes = new Set([...first.outcomes, ...second.outcomes]);
  if (outcomes.size !== 1) return { verdict: 'different_outcomes', decidedBy: null, metrics };
  const deciding =
    metrics.find(({ name, verdict }) => name === 'cpuMs' && verdict !== 'unavailable') ??
    metrics.find(({ name }) => name === 'wallMs');
  const verdicts: Partial<Record<MetricVerdict, 'faster' | 'slower'>> = { less: 'faster', more: 'slower' };
  const verdict = (deciding === undefined ? undefined : verdicts[deciding.verdict]) ?? 'not_told_apart';
  return { verdict, decidedBy: deciding?.name ?? null, metrics };
}

function compareMetric(first: MetricProfile, second: MetricProfile | undefined): MetricComparison {
  const { name } = first;
  if (second === undefined || first.median === null || second.median === null)
    return { name, ratio: null, p: null, verdict: 'unavailable' };
  const ratio = first.median === 0 ? null : second.median / first.median;
  const direction = second.median < first.median ? 'less' : 'more';
  if (first.stable === true && second.stable === true) {
    return { name, ratio, p: null, verdict: first.median === second.median ? 'equal' : direction };
  }
  const p = rankSumP(first.samples, second.samples);
  if (smallestP(first.samples.length, second.samples.length) > levelOfNoise)
    return { name, ratio, p, verdict: 'too_few' };
  return { name, ratio, p, verdict: p <= levelOfNoise && ratio !== 1 ? direction : 'noise' };
}

/** What the test gives for samples that do not overlap and have no ties. */
function smallestP(n: number, m: number): number {
  const low = Array.from({ length: n }, (_, index) => index);
  return rankSumP(
    low,
    Array.from({ length: m }, (_, index) => n + index),
  );
}
