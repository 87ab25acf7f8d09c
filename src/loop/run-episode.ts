import type { EpisodeEvent } from '../events/episode.ts';
import type { EventDraft } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import { invariant, type PawlError } from '../kernel/pawl-error.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { advanceEpisode } from './advance-episode.ts';
import { appendSurely } from './append-surely.ts';
import type { EffectContext } from './effect-context.ts';
import { type EpisodeState, evolveEpisode, type PendingEffect } from './episode-state.ts';
import type { IssueContext } from './issue-command.ts';
import { isMachineFault } from './machine-fault.ts';
import { performEffect } from './perform-effect.ts';
import type { Branch, TakenEvent } from './recorded-answers.ts';

export interface EpisodeRunContext extends IssueContext, EffectContext {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly strategy: AnyStrategy;
  /** What is taken over from the episode that this one branched off; null where it did not. */
  readonly branch: Branch | null;
  /** Told of every event once it is durable, in order; for progress, never for decisions. */
  readonly onEvent: (event: EpisodeEvent, stream: StreamName) => void;
}

export interface EpisodeSignals {
  /** Aborted: record what is under way, start nothing new. */
  readonly pause: AbortSignal;
  /** Aborted: the run's wall time is spent; say so in the stream and let the strategy finish. */
  readonly outOfTime: AbortSignal;
  readonly wallTime: () => { readonly limit: number; readonly spent: number };
  /** Aborted: drop what is under way, and append nothing more. */
  readonly abort: AbortSignal;
}

/** Where an episode stands: its folded state and the place of its last event. */
export interface EpisodePosition {
  readonly stream: StreamName;
  readonly revision: number;
  readonly lastId: EventId | null;
  readonly state: EpisodeState;
}

/**
 * The shell around the pure episode: ask, append *requested*, perform, append *outcome* together with what it leads to,
 * ask again. Ends when the episode has finished, or when it is paused and nothing is under way. A fault of the machine pauses it
 * likewise, and is thrown then: what else is under way, and may have been paid for, is recorded first.
 */
export async function runEpisode(
  from: EpisodePosition,
  context: EpisodeRunContext,
  signals: EpisodeSignals,
): Promise<EpisodePosition> {
  const { ledger, strategy, contents } = context;
  let position = from;
  const underWay = new Map<string, Promise<EpisodeEvent>>();

  async function append(events: readonly Incoming[], state: EpisodeState): Promise<void> {
    if (events.length === 0) return;
    const drafts: EventDraft[] = [];
    for (const { event, causation } of events)
      drafts.push(ledger.draft(event, context.writer, causation ?? drafts.at(-1)?.id ?? position.lastId));
    const { lastRevision } = await appendSurely(
      ledger,
      position.stream,
      position.revision,
      drafts,
      contents.takeUnstored(),
      { clock: context.clock, signal: signals.abort },
    );
    position = { ...position, revision: lastRevision, lastId: drafts.at(-1)?.id ?? null, state };
    for (const { event } of events) context.onEvent(event, position.stream);
  }

  async function record(inputs: readonly Incoming[]): Promise<void> {
    let state = position.state;
    for (const { event } of inputs) state = evolveEpisode(state, event, strategy);
    const advanced = await advanceEpisode(state, strategy, context);
    await append([...inputs, ...advanced.events.map(own)], advanced.state);
  }

  function startPending(): void {
    for (const effect of position.state.pending) {
      const key = effectName(effect);
      if (underWay.has(key)) continue;
      const outcome = performEffect(effect, position.state, context, signals.abort);
      // Awaited in `nextSettled`; when an append fails first, an aborted effect must not count as unhandled.
      outcome.catch(() => undefined);
      underWay.set(key, outcome);
    }
  }

  let fault: PawlError | null = null;
  const isPaused = (): boolean => signals.pause.aborted || fault !== null;
  const outOfTime = whenAborted(signals.outOfTime);
  const aborted = whenAborted(signals.abort);
  const opening: EpisodeEvent = { type: 'EpisodeStarted', data: from.state.started };
  await record(from.revision === -1 ? [own(opening), ...(context.branch?.copies ?? [])] : []);
  while (position.state.finished === null) {
    // Also when an effect settled at the same moment, or does not listen: after an abort nothing is appended.
    signals.abort.throwIfAborted();
    if (isPaused() && underWay.size === 0) {
      if (fault !== null) throw fault;
      return position;
    }
    // Once the answer is picked only its grading is left, and that is always finished.
    const mayRunOut = !position.state.exhausted && position.state.picked === null;
    if (signals.outOfTime.aborted && mayRunOut) {
      await record([own({ type: 'BudgetExhausted', data: { kind: 'wallTime', ...signals.wallTime() } })]);
      continue;
    }
    if (!isPaused()) {
      const known = context.branch?.answers.next(position.state) ?? null;
      if (known !== null) {
        await record([{ ...known, event: rejectDuplicate(known.event, position.state) }]);
        continue;
      }
      startPending();
    }
    invariant(underWay.size > 0, 'an unfinished episode has something under way');
    // A signal that changes nothing any more must not end the wait: the loop would spin and starve what it waits for.
    const interruptions = mayRunOut ? [aborted, outOfTime] : [aborted];
    const settled = await nextSettled(underWay, interruptions);
    if (settled === null) continue;
    underWay.delete(settled.key);
    if ('fault' in settled) {
      fault ??= settled.fault;
      continue;
    }
    await record([own(rejectDuplicate(settled.event, position.state))]);
  }
  return position;
}

/** An event on its way into the stream. Null as its cause: the event before it. */
type Incoming = TakenEvent | { readonly event: EpisodeEvent; readonly causation: null };

function own(event: EpisodeEvent): Incoming {
  return { event, causation: null };
}

/** Decided when it is recorded, not when it was made: samples drawn side by side may be the same program. */
function rejectDuplicate(event: EpisodeEvent, state: EpisodeState): EpisodeEvent {
  if (
    event.type !== 'CandidateGenerated' ||
    event.data.key === null ||
    !(event.data.candidate in state.candidates)
  ) {
    return event;
  }
  const { key, candidate, program, completion, usage } = event.data;
  return {
    type: 'CandidateRejected',
    data: { key, candidate, reason: 'duplicate', program, completion, usage },
  };
}

function effectName({ request }: PendingEffect): string {
  return effectKeyText(request.key);
}

type Settled = { readonly key: string } & ({ readonly event: EpisodeEvent } | { readonly fault: PawlError });

/** The first effect to settle; null when something interrupted before. Rejects as the effect did, but for a machine's fault. */
async function nextSettled(
  underWay: ReadonlyMap<string, Promise<EpisodeEvent>>,
  interruptions: readonly Promise<null>[],
): Promise<Settled | null> {
  const races: Promise<Settled | null>[] = [...underWay].map(async ([key, event]) => {
    try {
      return { key, event: await event };
    } catch (error) {
      if (isMachineFault(error)) return { key, fault: error };
      throw error;
    }
  });
  return Promise.race([...races, ...interruptions]);
}

function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
