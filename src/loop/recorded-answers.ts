import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { Digest, EventId } from '../kernel/brand.ts';
import type { EpisodeData, EpisodeState, PendingEffect } from './episode-state.ts';

/** An event that is taken over from another stream: `causation` is the id it has there. */
export interface TakenEvent {
  readonly event: EpisodeEvent;
  readonly causation: EventId;
}

/** What a branch takes over from the episode it came from. */
export interface Branch {
  /** Revisions 1 up to the branching one, as they stand behind the branch's own first event. */
  readonly copies: readonly TakenEvent[];
  readonly answers: RecordedAnswers;
}

type Outcome = Extract<
  AnyRecordedEvent,
  {
    type:
      | 'CandidateGenerated'
      | 'CandidateRejected'
      | 'GenerationFailed'
      | 'ExecutionFinished'
      | 'ExecutionFailed';
  }
>;
type Finished = Extract<Outcome, { type: 'ExecutionFinished' }>;
type Request = EpisodeData<'GenerationRequested'> | EpisodeData<'ExecutionRequested'>;

/**
 * What an episode recorded of its effects, for a branch of it. An effect of the branch is answered when kind, key and digest of
 * the input are those of a recorded one, also when its answer was a failure. An execution is answered as well when any
 * recorded one had the same input: the same program, tests, limits and interpreter give the same result. All else is for
 * the caller to perform.
 */
export class RecordedAnswers {
  readonly #byKey = new Map<string, { readonly outcome: Outcome; readonly input: Digest }>();
  readonly #byInput = new Map<Digest, Finished>();

  /** @param events the stream of the episode that was branched */
  constructor(events: readonly AnyRecordedEvent[]) {
    const requests = new Map<string, Request>();
    for (const event of events) {
      if (event.type === 'GenerationRequested')
        requests.set(nameOf('generation', event.data.key), event.data);
      else if (event.type === 'ExecutionRequested')
        requests.set(nameOf('execution', event.data.key), event.data);
      else if (isOutcome(event)) this.#add(event, requests);
    }
  }

  /** The answer to one of the effects under way; where there are several, the one that came first in the recorded order. */
  next(state: EpisodeState): TakenEvent | null {
    let first: { readonly outcome: Outcome; readonly effect: PendingEffect } | null = null;
    for (const effect of state.pending) {
      const outcome = this.#answerTo(effect);
      if (outcome === null || (first !== null && first.outcome.revision <= outcome.revision)) continue;
      first = { outcome, effect };
    }
    return first === null ? null : taken(first.outcome, first.effect, state);
  }

  #add(outcome: Outcome, requests: ReadonlyMap<string, Request>): void {
    const { key } = outcome.data;
    if (key === null) return;
    const name = nameOf(isExecution(outcome) ? 'execution' : 'generation', key);
    const input = requests.get(name)?.input;
    if (input === undefined) return;
    this.#byKey.set(name, { outcome, input });
    if (outcome.type !== 'ExecutionFinished' || !isOfItsInput(outcome)) return;
    if (!this.#byInput.has(input)) this.#byInput.set(input, outcome);
  }

  #answerTo({ kind, request, failed }: PendingEffect): Outcome | null {
    if (failed) return null;
    const known = this.#byKey.get(nameOf(kind, request.key));
    if (known?.input === request.input) return known.outcome;
    return kind === 'execution' ? (this.#byInput.get(request.input) ?? null) : null;
  }
}

/**
 * The clock of the machine may have ended a timeout, and its memory an execution without any; which it was is not in the event.
 * Only under their own key do these stand for another execution.
 */
function isOfItsInput({ data: { outcome } }: Finished): boolean {
  return outcome !== 'timeout' && outcome !== 'out_of_memory';
}

/** As the event of the branch: under the branch's key, and with what the branch knows of its candidates. */
function taken(outcome: Outcome, effect: PendingEffect, state: EpisodeState): TakenEvent {
  const causation = outcome.id;
  const { key } = effect.request;
  if (effect.kind === 'execution') {
    const { candidate, tests } = effect.request;
    const event = { type: outcome.type, data: { ...outcome.data, key, candidate, tests } } as EpisodeEvent;
    return { causation, event };
  }
  const { parent } = effect.request;
  if (outcome.type === 'CandidateRejected') {
    const { candidate, program, completion, usage, reason } = outcome.data;
    if (reason !== 'duplicate' || candidate in state.candidates) return { causation, event: plain(outcome) };
    // It repeated a candidate that the branch has not seen. What the generator said of it was not recorded.
    const data = {
      ...{ key, candidate, program, parent, completion, usage },
      ...{ origin: 'generated' as const, note: repeatedNote, volatile: { wallMs: 0 } },
    };
    return { causation, event: { type: 'CandidateGenerated', data } };
  }
  if (outcome.type !== 'CandidateGenerated') return { causation, event: plain(outcome) };
  const from = outcome.data.parent;
  const known = from === null || from in state.candidates;
  const data = { ...outcome.data, parent: known ? from : parent };
  return { causation, event: { type: 'CandidateGenerated', data } };
}

const repeatedNote = 'recorded as a repetition of another candidate';

function plain({ type, data }: Outcome): EpisodeEvent {
  return { type, data } as EpisodeEvent;
}

function nameOf(kind: PendingEffect['kind'], key: Request['key']): string {
  return `${kind} ${effectKeyText(key)}`;
}

function isExecution({ type }: Outcome): boolean {
  return type === 'ExecutionFinished' || type === 'ExecutionFailed';
}

function isOutcome(event: AnyRecordedEvent): event is Outcome {
  switch (event.type) {
    case 'CandidateGenerated':
    case 'CandidateRejected':
    case 'GenerationFailed':
    case 'ExecutionFinished':
    case 'ExecutionFailed':
      return true;
    default:
      return false;
  }
}
