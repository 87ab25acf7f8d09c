import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { FailureTaxonomy, FinishedEpisode, RecordedFailure } from './failure-taxonomy.ts';

/** What `FailuresClassified` says: counts by class, and every failed task. */
export interface Classification {
  readonly tasks: number;
  readonly failed: number;
  /** The most frequent first; of equals, in the order of the taxonomy. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** In the order of the episodes. */
  readonly cases: readonly RecordedFailure[];
}

/** Pure: the same episodes and taxonomy give the same classification. */
export function classifyFailures(
  episodes: readonly FinishedEpisode[],
  taxonomy: FailureTaxonomy,
): Classification {
  const cases: RecordedFailure[] = [];
  const counts = new Map<string, number>(taxonomy.classes.map((name) => [name, 0]));
  for (const episode of episodes) {
    const found = taxonomy.classify(episode);
    if (found === null) continue;
    cases.push({ task: episode.task.id, episode: episode.stream, ...found });
    counts.set(found.class, (counts.get(found.class) ?? 0) + 1);
  }
  const classes = [...counts]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({ name, count }))
    // A stable sort keeps the order of the taxonomy among equals.
    .sort((left, right) => right.count - left.count);
  return { tasks: episodes.length, failed: cases.length, classes, cases };
}

/** The blob that `FailuresClassified` refers to. */
export function casesText(cases: readonly RecordedFailure[]): string {
  return canonicalJson(cases);
}
