import type { AnyRecordedEvent } from '../events/record.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { EpisodeData } from './episode-state.ts';
import { asEpisodeEvent } from './open-episode.ts';
import { type Branch, RecordedAnswers } from './recorded-answers.ts';

/**
 * Reads the episode that another one branched off. Its stream may have grown since; a branch that is resumed then finds more
 * answers, never others.
 *
 * @throws PawlError `LEDGER_CORRUPT` where that stream ends before the branching revision
 */
export async function readBranch(
  ledger: Ledger,
  { episode, revision }: NonNullable<EpisodeData<'EpisodeStarted'>['forkedFrom']>,
): Promise<Branch> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(episode)) events.push(event);
  if (events.length <= revision) {
    throw new PawlError(
      'LEDGER_CORRUPT',
      `${episode} has no revision ${revision}, at which it was branched.`,
      {
        context: { episode, revision },
      },
    );
  }
  const copies = events
    .slice(1, revision + 1)
    .map((event) => ({ event: asEpisodeEvent(event), causation: event.id }));
  return { copies, answers: new RecordedAnswers(events) };
}
