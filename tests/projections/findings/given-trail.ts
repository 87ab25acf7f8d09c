import {
  auditedRun,
  type Finding,
  type Found,
  type Sketches,
} from '../../../projections/findings/finding.ts';
import { sketchOf } from '../../../projections/findings/program-sketch.ts';
import { trailProjection } from '../../../projections/findings/trail.ts';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import type { EpisodeEvent } from '../../../src/events/episode.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { digest } from '../../strategies/episode-events.ts';
import { deepFreeze } from '../../support/deep-freeze.ts';
import { foldSpecification } from '../../support/fold-specification.ts';
import type { Happening } from '../../support/record-history.ts';
import { withAmbientForbidden } from '../../support/with-ambient-forbidden.ts';
import { granted, runStarted, scheduled, started } from '../run-events.ts';

/** A run and its episodes, each as the events after its start. Tasks are called `task 0`, `task 1` … */
export interface GivenRun {
  readonly name?: string;
  readonly start?: PawlEvent;
  readonly grant?: PawlEvent;
  readonly more?: readonly PawlEvent[];
  readonly episodes?: readonly (readonly EpisodeEvent[])[];
}

function happeningsOf({
  name = 'A',
  start,
  grant,
  more = [],
  episodes = [],
}: GivenRun): readonly Happening[] {
  const run = `run-${name}`;
  const stream = (index: number): string => `episode-${name}.${index}`;
  return [
    [run, start ?? runStarted()],
    [run, grant ?? granted()],
    ...episodes.map((_, index): Happening => [run, scheduled(index, `task ${index}`, stream(index))]),
    ...more.map((event): Happening => [run, event]),
    ...episodes.flatMap((events, index): readonly Happening[] =>
      events.length === 0
        ? []
        : [
            [stream(index), started(run, index, `task ${index}`)],
            ...events.map((event): Happening => [stream(index), event]),
          ],
    ),
  ];
}

/** What a finding says of runs; programs are their own names unless texts are given. */
export function found(
  finding: Finding,
  runs: readonly GivenRun[],
  texts: Readonly<Record<string, string>> = {},
): Found {
  const state = foldSpecification(trailProjection)
    .given(...runs.flatMap(happeningsOf))
    .state();
  const arms = runs.map(({ name = 'A' }) => auditedRun(state, `run-${name}` as StreamName));
  const sketches: Sketches = new Map(
    Object.entries(texts).map(([name, text]) => [digest(name), sketchOf(text, 'python')]),
  );
  const frozen = deepFreeze(arms.filter((arm) => arm !== null));
  return withAmbientForbidden(() => finding.find(frozen, sketches));
}

/** `count/of`, then the cases as `about: stream at revisions`. */
export function told({ count, of, cases }: Found): readonly string[] {
  return [
    `${count}/${of}`,
    ...cases.map(({ about, evidence }) => {
      const places = evidence.map(({ stream, revision }) => `${stream.replace(/^episode-/, '')}@${revision}`);
      return `${about}: ${places.join(' ')}`;
    }),
  ];
}
