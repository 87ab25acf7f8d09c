import { type EpisodeEvent, episodeEvents } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { BudgetExhausted } from '../events/run.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { strategyNamed } from '../strategies/registry.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import type { HiddenTests } from '../tasks/hidden-tests.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { type EpisodeData, evolveEpisode, initialEpisodeState } from './episode-state.ts';
import type { EpisodePosition } from './run-episode.ts';

/** An episode as its stream tells it, ready to go on (or to be looked at). */
export interface OpenedEpisode {
  readonly position: EpisodePosition;
  readonly strategy: AnyStrategy;
  readonly hidden: HiddenTests;
}

/**
 * Folds an episode's stream. For a new one, `started` is what its first event will say.
 *
 * @throws PawlError `RUN_NOT_FOUND` when there is no stream and nothing to start, `BLOB_NOT_FOUND`, `STRATEGY_NOT_FOUND`
 */
export async function openEpisode(
  ledger: Ledger,
  stream: StreamName,
  started: EpisodeData<'EpisodeStarted'> | null,
): Promise<OpenedEpisode> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(stream)) events.push(event);
  const first = events[0];
  const data = first?.type === 'EpisodeStarted' ? first.data : started;
  if (data === null) {
    throw new PawlError('RUN_NOT_FOUND', `The ledger has no episode "${stream}".`, {
      context: { episode: stream },
    });
  }
  const strategy = strategyNamed(data.strategy.name);
  if (strategy.version !== data.strategy.version) {
    throw new PawlError(
      'STRATEGY_NOT_FOUND',
      `"${stream}" follows ${strategy.name} version ${data.strategy.version}; this build has version ${strategy.version}. Go on with the build it began with.`,
      { context: { strategy: strategy.name, recorded: data.strategy.version, here: strategy.version } },
    );
  }
  const view = parseTaskView(await ledger.getBlob(data.view.digest));
  const hidden = parseHiddenTests(await ledger.getBlob(data.hidden.digest));
  let state = initialEpisodeState(data, view, strategy);
  for (const event of events) state = evolveEpisode(state, asEpisodeEvent(event), strategy);
  const last = events.at(-1);
  const lastId: EventId | null = last?.id ?? null;
  const position = { stream, revision: events.length - 1, lastId, state };
  return { position, strategy, hidden };
}

const episodeTypes: ReadonlySet<string> = new Set(
  [...episodeEvents, BudgetExhausted].map(({ type }) => type),
);

/** @throws PawlError `LEDGER_CORRUPT` for an event that no episode can hold */
export function asEpisodeEvent(event: AnyRecordedEvent): EpisodeEvent {
  if (!episodeTypes.has(event.type)) {
    throw new PawlError('LEDGER_CORRUPT', `${event.type} stands in the episode stream ${event.stream}.`, {
      context: { position: event.position },
    });
  }
  return { type: event.type, data: event.data } as EpisodeEvent;
}
