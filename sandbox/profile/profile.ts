import type { Outcome } from '../../src/events/execution-result.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { Metric, MetricName } from './metrics.ts';
import { medianOf, spreadOf } from './quantile.ts';

/** What a program cost by one metric, over all repeats that count. */
export interface MetricProfile {
  readonly name: MetricName;
  readonly unit: Metric['unit'];
  readonly deterministic: boolean;
  readonly available: boolean;
  /** Null where it is available. */
  readonly unavailableBecause: string | null;
  /** In the order of the repeats; empty where it is not available. */
  readonly samples: readonly number[];
  readonly median: number | null;
  /** Interquartile range over median (`spreadOf`); null where the median is 0 or there is none. */
  readonly spread: number | null;
  /** Of a deterministic metric: all samples are equal. False is a finding about the program or the sandbox. Else null. */
  readonly stable: boolean | null;
}

/** What a program costs against one set of tests. */
export interface Profile {
  readonly fingerprint: Fingerprint;
  /** Executions that count, and those before them that do not. */
  readonly repeats: number;
  readonly warmUps: number;
  /** What executions came to, each once, in the order of first appearance; more than one is a finding. */
  readonly outcomes: readonly Outcome[];
  /** The results of all executions, with every test and all output, were the same bytes. */
  readonly sameResults: boolean;
  readonly metrics: readonly MetricProfile[];
}

/**
 * @param values one for each repeat; null or undefined where the driver did not count
 * @param because why it was not counted
 */
export function metricProfile(
  { name, unit, deterministic }: Metric,
  values: readonly (number | null | undefined)[],
  because: string,
): MetricProfile {
  const samples = values.filter((value) => value !== null && value !== undefined);
  const about = { name, unit, deterministic };
  if (samples.length === values.length && samples.length > 0) {
    const stable = deterministic ? samples.every((sample) => sample === samples[0]) : null;
    const numbers = { samples, median: medianOf(samples), spread: spreadOf(samples), stable };
    return { ...about, available: true, unavailableBecause: null, ...numbers };
  }
  const unavailableBecause =
    samples.length === 0 ? because : `it was counted in ${samples.length} of ${values.length} repeats only`;
  const nothing = { samples: [], median: null, spread: null, stable: null };
  return { ...about, available: false, unavailableBecause, ...nothing };
}
