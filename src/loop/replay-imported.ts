import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { invariant, isPawlError } from '../kernel/pawl-error.ts';
import { parseTaskView } from '../tasks/serialize.ts';
import type { EpisodeData } from './episode-state.ts';
import { memberDifferences, textDifferences } from './replay-difference.ts';
import type { ReplayReads, RunHead } from './replay-reads.ts';
import { cutShort, Diverged, Inconclusive, refuted } from './replay-stops.ts';

/**
 * Another tool's decisions cannot be decided again, but what was made of its words can: every event of an imported episode must
 * follow from the stored row and the task.
 *
 * @throws Diverged; Inconclusive without an importer; PawlError `IMPORT_FORMAT`, `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function replayImported(
  reads: ReplayReads,
  events: readonly AnyRecordedEvent[],
  started: EpisodeData<'EpisodeStarted'>,
  head: RunHead,
): Promise<{ readonly decisions: number; readonly finished: boolean }> {
  const first = events[0] as AnyRecordedEvent;
  const { imported } = head.started;
  const { rederive, ledger } = reads;
  invariant(imported !== null && started.source !== null, 'the start of an imported episode was compared');
  if (rederive === null) throw new Inconclusive(`an importer of ${imported.format}`);
  const row = await ledger.getText(started.source.digest);
  const view = parseTaskView(await ledger.getBlob(started.view.digest));
  const derived = derivedFrom(first, () => rederive(imported, row, view));
  for (const [index, asked] of derived.entries()) {
    const recorded = events[index + 1];
    const expected = { type: asked.type, data: asked.data as JsonObject };
    if (recorded === undefined) {
      const { divergence } = cutShort(first.stream, index + 1, 'history ends before the row that it follows');
      throw new Diverged({ ...divergence, asked: expected });
    }
    await compare(expected, recorded, (digest) => ledger.getText(digest));
  }
  const extra = events[derived.length + 1];
  if (extra !== undefined) throw refuted(extra, 'history', 'the row says nothing of it');
  return { decisions: derived.length, finished: derived.at(-1)?.type === 'EpisodeFinished' };
}

function derivedFrom(first: AnyRecordedEvent, derive: () => readonly EpisodeEvent[]) {
  try {
    return derive();
  } catch (error) {
    if (isPawlError(error, 'IMPORT_INVALID'))
      throw refuted(first, 'content', `its source is no such row: ${error.message}`);
    throw error;
  }
}

async function compare(
  asked: NonNullable<Diverged['divergence']['asked']>,
  recorded: AnyRecordedEvent,
  read: Parameters<typeof textDifferences>[2],
): Promise<void> {
  if (asked.type !== recorded.type) {
    const reason = `${asked.type} follows from the row, ${recorded.type} was recorded`;
    throw refuted(recorded, 'kind', reason, asked);
  }
  const data = recorded.data as JsonObject;
  if (canonicalJson(asked.data) === canonicalJson(data)) return;
  const reason = `${asked.type} follows from the row with other data than was recorded`;
  const { divergence } = refuted(recorded, 'content', reason, asked);
  const texts = await textDifferences(asked, { type: recorded.type, data }, read);
  throw new Diverged({ ...divergence, members: memberDifferences(asked.data, data), texts });
}
