import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Json } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { alignEvents } from './align-events.ts';
import { type DataChange, dataChanges } from './data-changes.ts';
import type { EpisodeData } from './episode-state.ts';
import { asEpisodeEvent } from './open-episode.ts';

/** An event of one side, with its place in that side's stream. */
export type PlacedEvent = EpisodeEvent & { readonly revision: number };

/** What stands at one place of the two histories. `changed` pairs have the members that differ. */
export interface DiffStep {
  readonly relation: 'same' | 'changed' | 'left' | 'right';
  readonly left: PlacedEvent | null;
  readonly right: PlacedEvent | null;
  readonly changes: readonly DataChange[];
}

/** Two histories of one task, laid side by side. */
export interface EpisodeDiff {
  readonly left: StreamName;
  readonly right: StreamName;
  readonly task: string;
  /** How differently the two began: strategy, generator, seed, budget. */
  readonly setup: readonly DataChange[];
  /** Revisions 1 up to this one are the same on both sides. */
  readonly common: number;
  /** Everything after that, in order. */
  readonly steps: readonly DiffStep[];
  /** Nothing happened otherwise, however the two began. */
  readonly identical: boolean;
}

/**
 * Explains two episodes of one task event by event.
 *
 * @throws PawlError `RUN_NOT_FOUND` for an episode that has not begun, `RUN_NOT_COMPARABLE` for other tasks
 */
export async function diffEpisodes(
  ledger: Ledger,
  left: StreamName,
  right: StreamName,
): Promise<EpisodeDiff> {
  const [ours, theirs] = [await read(ledger, left), await read(ledger, right)];
  if (ours.started.view.digest !== theirs.started.view.digest) {
    throw new PawlError(
      'RUN_NOT_COMPARABLE',
      `${left} works on ${ours.started.task} and ${right} on ${theirs.started.task}; only episodes of one task can be laid side by side.`,
      { context: { left: ours.started.task, right: theirs.started.task } },
    );
  }
  const shorter = Math.min(ours.events.length, theirs.events.length);
  let common = 0;
  while (common < shorter && isSame(ours.events[common], theirs.events[common])) common += 1;
  const steps = alignEvents(ours.events.slice(common), theirs.events.slice(common)).map(stepOf);
  return {
    ...{ left, right, task: ours.started.task, common, steps },
    setup: dataChanges(setup(ours.started), setup(theirs.started)),
    identical: steps.length === 0,
  };
}

interface Side {
  readonly started: EpisodeData<'EpisodeStarted'>;
  /** From revision 1 on. */
  readonly events: readonly PlacedEvent[];
}

async function read(ledger: Ledger, episode: StreamName): Promise<Side> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(episode)) events.push(event);
  const [first, ...rest] = events;
  if (first?.type !== 'EpisodeStarted') {
    throw new PawlError(
      'RUN_NOT_FOUND',
      `The episode ${episode} has not started yet. \`pawl resume\` goes on with its run.`,
      {
        context: { episode },
      },
    );
  }
  return {
    started: first.data,
    events: rest.map((event) => ({ ...asEpisodeEvent(event), revision: event.revision })),
  };
}

/** Without names: two episodes are never called the same. */
function setup({ strategy, generator, seed, budget }: Side['started']): Json {
  return { strategy, generator, seed, budget } as Json;
}

function isSame(left: PlacedEvent | undefined, right: PlacedEvent | undefined): boolean {
  return (
    left !== undefined &&
    right !== undefined &&
    left.type === right.type &&
    changesOf(left, right).length === 0
  );
}

function changesOf(left: PlacedEvent, right: PlacedEvent): readonly DataChange[] {
  return dataChanges(left.data as Json, right.data as Json);
}

function stepOf({
  left,
  right,
}: {
  readonly left: PlacedEvent | null;
  readonly right: PlacedEvent | null;
}): DiffStep {
  if (left === null || right === null) {
    return { relation: left === null ? 'right' : 'left', left, right, changes: [] };
  }
  const changes = left.type === right.type ? changesOf(left, right) : [];
  const relation = left.type === right.type && changes.length === 0 ? 'same' : 'changed';
  return { relation, left, right, changes };
}
