import {
  levelOfNoise,
  type MetricComparison,
  type ProfileComparison,
} from '../../sandbox/profile/compare-profiles.ts';
import type { MetricProfile, Profile } from '../../sandbox/profile/profile.ts';
import { table } from './table.ts';

const mebibyte = 1024 * 1024;

/** A profile for people: what was counted as a table, what was not with the reason. */
export function profileText(name: string, profile: Profile): string {
  const { metrics, outcomes, repeats, warmUps, fingerprint } = profile;
  const counted = metrics.filter(({ available }) => available);
  const rows = counted.map((metric) => [
    metric.name,
    valueText(metric, metric.median),
    metric.spread === null ? '' : `${(metric.spread * 100).toFixed(1)} %`,
    valueText(metric, Math.min(...metric.samples)),
    valueText(metric, Math.max(...metric.samples)),
    marks[String(metric.stable) as keyof typeof marks],
  ]);
  return [
    `${name}: ${outcomes.join(', ')}; ${repeats} executions after ${warmUps} that does not count, on ${fingerprint.driver} (${fingerprint.package} ${fingerprint.version})`,
    table(['metric', 'median', 'spread', 'least', 'most', 'deterministic'], rows),
    ...notCounted(metrics),
    ...remarks(profile),
  ].join('\n');
}

/** What shares a reason shares a line. */
function notCounted(metrics: readonly MetricProfile[]): readonly string[] {
  const byReason = Map.groupBy(metrics, ({ unavailableBecause }) => unavailableBecause);
  return [...byReason].flatMap(([reason, lacking]) =>
    reason === null ? [] : [`not counted: ${lacking.map(({ name }) => name).join(', ')} (${reason})`],
  );
}

const marks = { true: 'yes', false: 'NOT STABLE', null: 'no' } as const;

function remarks({ outcomes, sameResults, metrics }: Profile): readonly string[] {
  const lines: string[] = [];
  const unstable = metrics.filter(({ stable }) => stable === false).map(({ name }) => name);
  if (outcomes.length > 1) lines.push('The executions came to different outcomes.');
  else if (!sameResults)
    lines.push('The executions gave different results: the program depends on something that varies.');
  if (unstable.length > 0)
    lines.push(`${unstable.join(', ')} should be the same in every execution, and was not.`);
  return lines;
}

const verdictTexts: Readonly<Record<MetricComparison['verdict'], string>> = {
  less: 'less',
  more: 'more',
  equal: 'equal',
  noise: 'within the noise',
  too_few: 'too few repeats to tell',
  unavailable: 'not counted',
};

/** The second program beside the first. */
export function comparisonText(first: string, second: string, comparison: ProfileComparison): string {
  const rows = comparison.metrics
    .filter(({ verdict }) => verdict !== 'unavailable')
    .map(({ name, ratio, p, verdict }) => [
      name,
      ratio === null ? '' : ratio.toFixed(3),
      p === null ? '' : p.toFixed(4),
      verdictTexts[verdict],
    ]);
  const sentence = {
    faster: `${second} is faster than ${first}`,
    slower: `${second} is slower than ${first}`,
    not_told_apart: `${second} and ${first} are not told apart`,
    different_outcomes: `${second} and ${first} come to different outcomes, so neither is faster`,
  }[comparison.verdict];
  const by =
    comparison.decidedBy === null
      ? ''
      : `, by ${comparison.decidedBy} (exact rank-sum test, level ${levelOfNoise})`;
  return [table(['metric', `ratio to ${first}`, 'p', 'verdict'], rows), `${sentence}${by}.`].join('\n');
}

function valueText({ unit }: MetricProfile, value: number | null): string {
  if (value === null) return '';
  if (unit === 'ms') return `${value.toFixed(2)} ms`;
  if (unit === 'bytes') return `${(value / mebibyte).toFixed(1)} MiB`;
  return String(Math.round(value * 10) / 10);
}
