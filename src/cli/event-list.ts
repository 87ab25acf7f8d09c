import type { AnyRecordedEvent } from '../events/record.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { asEpisodeEvent } from '../loop/open-episode.ts';
import { describeEvent } from './describe-event.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';

const columnsMax = 100;

/**
 * The events of an episode, a line each, by the revisions that `pawl fork --at` takes. In a branch, what was copied and what the
 * parent's record answered is marked.
 *
 * @param at nothing from after the record at this position; null for all there is
 */
export async function eventList(
  ledger: Ledger,
  episode: StreamName,
  at: number | null,
  output: Output,
): Promise<void> {
  let taken: ReadonlySet<EventId> = new Set();
  let kept = -1;
  let events = 0;
  for await (const event of ledger.readStream(episode)) {
    if (at !== null && event.position > at) break;
    if (event.type === 'EpisodeStarted' && event.data.forkedFrom !== null) {
      kept = event.data.forkedFrom.revision;
      taken = await idsOf(ledger, event.data.forkedFrom.episode);
    }
    const { stream: _stream, ...rest } = event;
    output.record({ type: 'event', episode, event: rest } as unknown as JsonObject);
    output.text(lineOf(event, originOf(event, kept, taken)));
    events += 1;
  }
  if (events > 0) return;
  throw new PawlError(
    'RUN_NOT_FOUND',
    `The episode ${episode} has not started yet. \`pawl resume\` goes on with its run.`,
  );
}

function lineOf(event: AnyRecordedEvent, origin: string): string {
  const place = `${String(event.revision).padStart(4)}  ${event.type.padEnd(20)} ${origin}`;
  return fitWidth(`${place}${describeEvent(asEpisodeEvent(event))}`, columnsMax);
}

function originOf(
  { revision, causation }: AnyRecordedEvent,
  kept: number,
  taken: ReadonlySet<EventId>,
): string {
  if (revision > 0 && revision <= kept) return 'copied: ';
  return causation !== null && taken.has(causation) ? 'reused: ' : '';
}

async function idsOf(ledger: Ledger, stream: StreamName): Promise<ReadonlySet<EventId>> {
  const ids = new Set<EventId>();
  for await (const { id } of ledger.readStream(stream)) ids.add(id);
  return ids;
}
