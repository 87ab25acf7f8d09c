import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { memberDifferences } from './replay-difference.ts';
import type { RunHead } from './replay-reads.ts';
import { cutShort, Diverged, refuted } from './replay-stops.ts';

type Event<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;

/** Where an episode begins and ends in the ledger. */
export interface EpisodeEnds {
  /** Position of its first event, null for one that never began. */
  readonly begun: number | null;
  readonly ended: Event<'EpisodeFinished'> | null;
}

/**
 * What the sessions of a run say about it, in order: how many episodes each found unfinished, whether and why it stopped, and
 * the totals at the end, all of which follow from where the episodes stood at that position of the ledger.
 *
 * @returns whether the run has finished
 * @throws Diverged
 */
export function checkSessions(
  run: StreamName,
  head: RunHead,
  events: readonly AnyRecordedEvent[],
  ends: readonly EpisodeEnds[],
): boolean {
  let standing: 'working' | 'stopped' | 'outOfTime' | 'finished' = 'working';
  for (const [index, event] of events.entries()) {
    if (standing === 'finished')
      throw refuted(event, 'history', 'nothing happens in a run that has finished');
    if (standing === 'outOfTime' && event.type !== 'RunFinished')
      throw refuted(event, 'kind', `RunFinished was asked for, ${event.type} was recorded`);
    switch (event.type) {
      case 'EnvironmentCaptured':
        break;
      case 'RunResumed':
        checkResumed(event, events[index - 1], ends);
        standing = 'working';
        break;
      case 'RunPaused':
        working(event, standing);
        standing = 'stopped';
        break;
      case 'BudgetExhausted':
        working(event, standing);
        checkWallTime(event, head.granted.runWallMs);
        standing = 'outOfTime';
        break;
      case 'RunFinished':
        if (standing !== 'outOfTime') working(event, standing);
        checkFinished(event, ends, standing === 'outOfTime');
        standing = 'finished';
        break;
      default:
        throw refuted(event, 'history', `${event.type} was recorded, but nothing of a run leads to it`);
    }
  }
  if (standing !== 'outOfTime') return standing === 'finished';
  const last = events.at(-1)?.revision ?? 0;
  throw cutShort(run, last + 1, 'history ends before the end of a run that is out of time');
}

function working(event: AnyRecordedEvent, standing: string): void {
  if (standing === 'working') return;
  throw refuted(event, 'history', 'the run was paused, and nobody resumed it');
}

/**
 * A session looks before it says what it found, and others may end episodes between the two: but not before the event that stands
 * before this one, whose revision it has seen.
 */
function checkResumed(
  event: Event<'RunResumed'>,
  previous: AnyRecordedEvent | undefined,
  ends: readonly EpisodeEnds[],
): void {
  const unfinished = ends.length - endedBefore(event, ends).length;
  const before = previous === undefined ? ends.length : ends.length - endedBefore(previous, ends).length;
  const said = event.data.unfinished;
  derives(event, { unfinished: said >= unfinished && said <= before ? said : unfinished });
}

function checkWallTime(event: Event<'BudgetExhausted'>, granted: number | null): void {
  const { kind, limit, spent } = event.data;
  if (kind === 'wallTime' && limit === granted && spent >= limit) return;
  throw refuted(event, 'content', `the run was granted ${granted ?? 'no'} ms of wall time and nothing else`);
}

/** Out of time, what has begun is ended and the rest never begins. */
function checkFinished(event: Event<'RunFinished'>, ends: readonly EpisodeEnds[], outOfTime: boolean): void {
  const ended = endedBefore(event, ends);
  const wanted = outOfTime ? ends.filter(({ begun }) => before(event, begun)) : ends;
  if (ended.length < wanted.length)
    throw refuted(
      event,
      'history',
      `${wanted.length - ended.length} episodes had not ended when the run was said to have`,
    );
  derives(event, {
    episodes: ended.length,
    publicPass: ended.filter(({ publicPass }) => publicPass).length,
    hiddenPass: ended.filter(({ hiddenPass }) => hiddenPass).length,
  });
}

function endedBefore(event: AnyRecordedEvent, ends: readonly EpisodeEnds[]) {
  return ends.flatMap(({ ended }) => (ended !== null && before(event, ended.position) ? [ended.data] : []));
}

function before({ position }: AnyRecordedEvent, other: number | null): boolean {
  return other !== null && other < position;
}

function derives(event: AnyRecordedEvent, derived: JsonObject): void {
  const data = event.data as JsonObject;
  const asked = { type: event.type, data: { ...data, ...derived } };
  if (canonicalJson(asked.data) === canonicalJson(data)) return;
  const reason = `${event.type} was asked for with other data than was recorded`;
  const { divergence } = refuted(event, 'content', reason, asked);
  throw new Diverged({ ...divergence, members: memberDifferences(asked.data, data) });
}
