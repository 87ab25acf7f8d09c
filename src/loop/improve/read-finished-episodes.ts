import { type ExecutionResult, executionResultSchema } from '../../events/execution-result.ts';
import type { TaskView } from '../../events/task-view.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { FinishedEpisode } from './failures/failure-taxonomy.ts';
import type { ProposerReader } from './proposer-reader.ts';

/**
 * The finished episodes of a run on `optimize` with what a taxonomy looks at, in the order of the run.
 *
 * @throws PawlError `HELD_OUT_SEALED` for any other run; `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function readFinishedEpisodes(
  reader: ProposerReader,
  run: StreamName,
): Promise<readonly FinishedEpisode[]> {
  const finished: FinishedEpisode[] = [];
  for (const event of await reader.run(run)) {
    if (event.type !== 'EpisodeScheduled') continue;
    const episode = await readEpisode(reader, event.data.episode);
    if (episode !== null) finished.push(episode);
  }
  return finished;
}

async function readEpisode(reader: ProposerReader, stream: StreamName): Promise<FinishedEpisode | null> {
  const events = await reader.episode(stream);
  const [first] = events;
  if (first?.type !== 'EpisodeStarted' || events.at(-1)?.type !== 'EpisodeFinished') return null;
  const results = new Map<Digest, ExecutionResult>();
  const programs = new Map<Digest, string>();
  for (const event of events) {
    if (event.type === 'ExecutionFinished' && event.data.tests === 'public') {
      const { digest } = event.data.result;
      results.set(digest, executionResultSchema.parse(JSON.parse(await reader.text(digest))));
    } else if (event.type === 'CandidateGenerated') {
      const { digest } = event.data.program;
      programs.set(digest, await reader.text(digest));
    }
  }
  const task = JSON.parse(await reader.text(first.data.view.digest)) as TaskView;
  return { stream, task, events, results, programs };
}
