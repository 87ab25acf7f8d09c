import { z } from 'zod';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { Digest } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads } from './replay-reads.ts';
import { cutShort, Diverged, refuted } from './replay-stops.ts';
import { episodeStream, suiteStream } from './stream-names.ts';

type Started = Extract<AnyRecordedEvent, { type: 'RunStarted' }>;

/**
 * As many episodes as the run says, one after the other, named after the run, and each on a task of the run's suite and split.
 *
 * @param scheduled the run's events from its third on
 * @throws Diverged; PawlError `SUITE_NOT_FOUND`, `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function replaySchedule(
  reads: ReplayReads,
  started: Started,
  scheduled: readonly AnyRecordedEvent[],
): Promise<void> {
  const { stream: run, data } = started;
  const tasks = await reads.suite(data.suite);
  const members = data.split === null ? null : await membersOf(reads, started, data.suite, data.split);
  for (let index = 0; index < data.tasks; index += 1) {
    const event = scheduled[index];
    if (event === undefined)
      throw cutShort(run, index + 2, `history ends before the ${data.tasks} episodes of the run`);
    if (event.type !== 'EpisodeScheduled')
      throw refuted(event, 'kind', `EpisodeScheduled was asked for, ${event.type} was recorded`);
    const { task } = event.data;
    const asked = { index, task, episode: episodeStream(run, index) };
    if (canonicalJson(asked) !== canonicalJson(event.data)) {
      const reason = 'EpisodeScheduled was asked for with other data than was recorded';
      const { divergence } = refuted(event, 'content', reason, { type: event.type, data: asked });
      const recorded = event.data as unknown as JsonObject;
      throw new Diverged({ ...divergence, members: memberDifferences(asked, recorded) });
    }
    if (!tasks.has(task)) throw refuted(event, 'content', `the suite has no task "${task}"`);
    if (members !== null && !members.has(task))
      throw refuted(event, 'content', `the task "${task}" is not in the split "${data.split}"`);
  }
}

/** A run of a split follows the freezing of it. */
async function membersOf(
  { ledger }: ReplayReads,
  started: Started,
  suite: Digest,
  split: string,
): Promise<ReadonlySet<string>> {
  for await (const event of ledger.readStream(suiteStream(suite))) {
    if (event.type !== 'SplitFrozen' || event.data.split !== split) continue;
    if (event.position > started.position) break;
    const text = await ledger.getText(event.data.members.digest);
    const ids = z.array(z.string()).safeParse(parsed(text));
    return new Set(ids.success ? ids.data : []);
  }
  throw refuted(started, 'history', `no split "${split}" of the suite was frozen before the run`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
