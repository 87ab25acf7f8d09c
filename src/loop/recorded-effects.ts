import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText, jsonObjectSchema } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest } from '../kernel/brand.ts';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import type { HiddenTests } from '../tasks/hidden-tests.ts';
import type { Contents } from './contents.ts';
import { type EpisodeData, type EpisodeState, evolveEpisode, initialEpisodeState } from './episode-state.ts';
import { requestFor } from './issue-command.ts';
import { asEpisodeEvent } from './open-episode.ts';
import { orMissing } from './or-missing.ts';

export type FinishedEvent = Extract<AnyRecordedEvent, { type: 'ExecutionFinished' }>;

/** A recorded execution and what the sandbox was asked for, derived anew from the task and the candidate. */
export interface RecordedExecution {
  readonly event: FinishedEvent;
  /** Digest of its input as the request recorded it. */
  readonly input: Digest;
  /** An error where something of it is not in the ledger any more. */
  readonly request: ExecutionRequest | PawlError;
}

export interface RecordedEffects {
  readonly executions: readonly RecordedExecution[];
  /** Where the stream holds something that cannot have happened; what stands behind is not looked at. */
  readonly broken: { readonly event: AnyRecordedEvent; readonly reason: string } | null;
}

/** What an episode's effects are derived from besides its stream. */
export interface EffectSources {
  readonly started: EpisodeData<'EpisodeStarted'>;
  readonly view: TaskView;
  /** An error where they are not in the ledger any more. */
  readonly hidden: HiddenTests | PawlError;
  readonly contents: Contents;
  /** Shown every request for a candidate, with the state it was made in; for whoever asks the generator again. */
  readonly onGeneration?: (request: EpisodeData<'GenerationRequested'>, state: EpisodeState) => Promise<void>;
}

/** Nothing is decided here, so it does not matter what the strategy was, or whether this build still has it. */
const nobody: AnyStrategy = {
  ...{ name: 'nobody', version: 1, summary: 'decides nothing', params: jsonObjectSchema },
  initialState: () => null,
  evolve: (state: null) => state,
  decide: () => [],
};

/**
 * Folds an episode's events and derives, for every execution that finished, what the sandbox was asked for.
 *
 * @param events from the second one on
 */
export async function recordedEffects(
  events: readonly AnyRecordedEvent[],
  sources: EffectSources,
): Promise<RecordedEffects> {
  const executions: RecordedExecution[] = [];
  const asked = new Map<string, Omit<RecordedExecution, 'event'>>();
  let state = initialEpisodeState(sources.started, sources.view, nobody);
  for (const event of events) {
    try {
      if (event.type === 'ExecutionRequested') {
        const request = await requestOf(event.data, state, sources);
        asked.set(effectKeyText(event.data.key), { input: event.data.input, request });
      } else if (event.type === 'GenerationRequested') await sources.onGeneration?.(event.data, state);
      const known: EpisodeEvent = asEpisodeEvent(event);
      state = evolveEpisode(state, known, nobody);
    } catch (error) {
      if (!isPawlError(error) || !impossible.has(error.code)) throw error;
      return { executions, broken: { event, reason: error.message } };
    }
    if (event.type !== 'ExecutionFinished') continue;
    const request = asked.get(effectKeyText(event.data.key));
    if (request !== undefined) executions.push({ event, ...request });
  }
  return { executions, broken: null };
}

/** What the fold says of a history that no loop has written. */
const impossible: ReadonlySet<string> = new Set(['INTERNAL', 'LEDGER_CORRUPT']);

async function requestOf(
  { candidate, tests }: EpisodeData<'ExecutionRequested'>,
  state: EpisodeState,
  { hidden, contents }: EffectSources,
): Promise<ExecutionRequest | PawlError> {
  if (tests === 'hidden' && isPawlError(hidden)) return hidden;
  // Hidden tests that are missing are not opened for an execution against public ones.
  const known = { contents, hidden: hidden as HiddenTests };
  return orMissing(() => requestFor(candidate, tests, state, known));
}
