import { type BudgetState, budgetProjection } from '../../projections/budget.ts';
import { projections } from '../../projections/catalogue.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import { type RunsState, runProjection } from '../../projections/run.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads, RunHead } from './replay-reads.ts';
import type { EpisodeEnds } from './replay-sessions.ts';
import { cutShort, Diverged, refuted } from './replay-stops.ts';

/** So often a fold is stopped on its way, stored as a snapshot would be, and taken up again. */
const storedTimes = 4;

/** What the projections make of a run, and where its episodes begin and end. */
export interface FoldedRun {
  readonly ends: readonly EpisodeEnds[];
  readonly folds: readonly DoubleFold[];
}

/**
 * Folds every projection over a run and its episodes, once straight through and once stored and read back on the way. One
 * episode is in memory at a time.
 */
export async function foldRun(
  reads: ReplayReads,
  { scheduled }: RunHead,
  runEvents: readonly AnyRecordedEvent[],
): Promise<FoldedRun> {
  const folds = projections.map((projection) => new DoubleFold(projection));
  const take = (events: readonly AnyRecordedEvent[]): void => {
    for (const each of folds) each.take(events);
  };
  const headLength = 2 + scheduled.length;
  take(runEvents.slice(0, headLength));
  const ends: EpisodeEnds[] = [];
  const storedEvery = Math.max(1, Math.ceil(scheduled.length / storedTimes));
  for (const [index, { episode }] of scheduled.entries()) {
    const events = await reads.events(episode);
    take(events);
    const last = events.at(-1);
    ends.push({
      begun: events[0]?.position ?? null,
      ended: last?.type === 'EpisodeFinished' ? last : null,
    });
    if (index % storedEvery === 0) for (const each of folds) each.store();
  }
  take(runEvents.slice(headLength));
  return { ends, folds };
}

/**
 * Both ways of folding must come to the same state, because that is what snapshots rest on, and the totals that were recorded
 * must be those of the states.
 *
 * @throws Diverged
 */
export function checkTotals(
  head: RunHead,
  runEvents: readonly AnyRecordedEvent[],
  { ends, folds }: FoldedRun,
): void {
  for (const each of folds) each.compare(head);
  const stateOf = <State>({ name }: Projection<State>): State =>
    folds.find(({ projection }) => projection.name === name)?.state as State;
  // What another tool spent is what its row says, not what the events add up to.
  if (head.started.imported === null) checkBudgets(ends, stateOf(budgetProjection));
  checkRunTotals(head, runEvents, stateOf(runProjection));
}

class DoubleFold {
  readonly projection: Projection<unknown>;
  #straight: unknown;
  #interrupted: unknown;

  constructor(projection: Projection<unknown>) {
    this.projection = projection;
    this.#straight = projection.initialState();
    this.#interrupted = projection.initialState();
  }

  get state(): unknown {
    return this.#straight;
  }

  take(events: readonly AnyRecordedEvent[]): void {
    this.#straight = fold(this.projection, events, this.#straight);
    this.#interrupted = fold(this.projection, events, this.#interrupted);
  }

  store(): void {
    this.#interrupted = JSON.parse(canonicalJson(this.#interrupted));
  }

  compare({ run }: RunHead): void {
    const { projection } = this;
    if (stateHash(projection, this.#straight) === stateHash(projection, this.#interrupted)) return;
    const reason = `the projection ${projection.name} version ${projection.version} comes to another state when it is stored on the way`;
    throw cutShort(run, 0, reason);
  }
}

/** What an episode says at its end that it spent is the sum of its events. */
function checkBudgets(ends: readonly EpisodeEnds[], { episodes }: BudgetState): void {
  for (const { ended } of ends) {
    const spent = ended === null ? undefined : episodes[ended.stream]?.spent;
    if (ended !== null && spent !== undefined) compare(ended, spent);
  }
}

function checkRunTotals({ run }: RunHead, events: readonly AnyRecordedEvent[], { runs }: RunsState): void {
  const finished = events.find(({ type }) => type === 'RunFinished');
  if (finished === undefined) return;
  const ended = runs[run]?.episodes.filter(({ status }) => status === 'finished') ?? [];
  compare(finished, {
    episodes: ended.length,
    publicPass: ended.filter(({ publicPass }) => publicPass).length,
    hiddenPass: ended.filter(({ hiddenPass }) => hiddenPass).length,
  });
}

function compare(event: AnyRecordedEvent, folded: JsonObject): void {
  const data = event.data as JsonObject;
  const asked = { type: event.type, data: { ...data, ...folded } };
  if (canonicalJson(asked.data) === canonicalJson(data)) return;
  const reason = `${event.type} was recorded with other totals than the projections come to`;
  const { divergence } = refuted(event, 'content', reason, asked);
  throw new Diverged({ ...divergence, members: memberDifferences(asked.data, data) });
}
