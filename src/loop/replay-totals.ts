import { type BudgetState, budgetProjection } from '../../projections/budget.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import { type RunsState, runProjection } from '../../projections/run.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads, RunHead } from './replay-reads.ts';
import type { EpisodeEnds } from './replay-sessions.ts';
import { cutShort, Diverged, refuted } from './replay-stops.ts';

/** Episodes whose states are in memory at one time: a run of any length is folded in parts of so many. */
const episodesAtATime = 64;

/** What the projections make of a run, and where its episodes begin and end. */
export interface FoldedRun {
  readonly ends: readonly EpisodeEnds[];
  readonly runs: RunsState;
}

/**
 * Folds every projection over a run and its episodes, once straight through and once stored and read back on the way. Both must
 * come to the same state, because that is what snapshots rest on; and what an episode says at its end that it spent must be the
 * sum of its events.
 *
 * @param projections the budget among them
 * @throws Diverged
 */
export async function foldRun(
  reads: ReplayReads,
  head: RunHead,
  runEvents: readonly AnyRecordedEvent[],
  projections: readonly Projection<unknown>[],
): Promise<FoldedRun> {
  const headLength = 2 + head.scheduled.length;
  const [begin, end] = [runEvents.slice(0, headLength), runEvents.slice(headLength)];
  const ends: EpisodeEnds[] = [];
  let runs = fold(runProjection, begin);
  for (let from = 0; from === 0 || from < head.scheduled.length; from += episodesAtATime) {
    const part = head.scheduled.slice(from, from + episodesAtATime);
    const folds = projections.map((projection) => new DoubleFold(projection));
    take(folds, begin);
    for (const [index, { episode }] of part.entries()) {
      const events = await reads.events(episode);
      take(folds, events);
      runs = fold(runProjection, events, runs);
      ends.push(endsOf(events));
      // Twice: within what the runs have begun, and close to the end of it.
      if (index === 0 || index === part.length - 1) for (const each of folds) each.store();
    }
    take(folds, end);
    for (const each of folds) each.compare(head);
    // What another tool spent is what its row says, not what the events add up to.
    if (head.started.imported === null) checkBudgets(ends.slice(from), budgetsOf(folds));
  }
  return { ends, runs: fold(runProjection, end, runs) };
}

function take(folds: readonly DoubleFold[], events: readonly AnyRecordedEvent[]): void {
  for (const each of folds) each.take(events);
}

function endsOf(events: readonly AnyRecordedEvent[]): EpisodeEnds {
  const last = events.at(-1);
  return {
    begun: events[0]?.position ?? null,
    ended: last?.type === 'EpisodeFinished' ? last : null,
  };
}

function budgetsOf(folds: readonly DoubleFold[]): BudgetState {
  return folds.find(({ projection }) => projection.name === budgetProjection.name)?.state as BudgetState;
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

/**
 * The totals that were recorded at the end of a run are those of the projection.
 *
 * @throws Diverged
 */
export function checkTotals(
  { run }: RunHead,
  events: readonly AnyRecordedEvent[],
  { runs }: FoldedRun,
): void {
  const finished = events.find(({ type }) => type === 'RunFinished');
  if (finished === undefined) return;
  const ended = runs.runs[run]?.episodes.filter(({ status }) => status === 'finished') ?? [];
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
