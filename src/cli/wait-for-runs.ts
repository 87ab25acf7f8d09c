import type { EpisodeEvent } from '../events/episode.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { asEpisodeEvent } from '../loop/open-episode.ts';
import { readRunState } from '../loop/run-state.ts';
import { shortId } from './find-run.ts';
import type { OpenedForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';
import { shortEpisode } from './worker-telling.ts';

/** What is still to come of the runs that are waited for. */
interface Waiting {
  readonly runs: Set<StreamName>;
  /** Episodes that have not ended, with their runs. */
  readonly open: Map<StreamName, StreamName>;
  readonly parked: Set<StreamName>;
}

/**
 * Shows how runs get on that workers work on, until they have finished, wherever that happens.
 *
 * @param from position of the ledger before anything of the runs was recorded
 * @returns false where it stopped before: told to, a run was taken out of the queue, or nothing but parked episodes is left
 */
export async function waitForRuns(
  runs: readonly StreamName[],
  from: number,
  { ledger }: Pick<OpenedForCli, 'ledger'>,
  output: Output,
  stop: AbortSignal,
): Promise<boolean> {
  const progress = new Progress(output, systemClock, process.stderr);
  const waiting: Waiting = { runs: new Set(runs), open: new Map(), parked: new Set() };
  const labels: string[] = [];
  for (const run of runs) {
    const { started, episodes } = await readRunState(ledger, run);
    labels.push(started.strategy.name);
    for (const { episode } of episodes) waiting.open.set(episode, run);
  }
  progress.begin(labels.join(','), {
    tasks: waiting.open.size,
    ...{ finished: 0, publicPass: 0, hiddenPass: 0 },
  });
  const over = new AbortController();
  try {
    for await (const event of ledger.subscribe(from, AbortSignal.any([stop, over.signal]))) {
      if (waiting.open.has(event.stream)) progress.onEvent(asEpisodeEvent(event), event.stream);
      take(event, waiting, output);
      if (waiting.runs.size === 0) return true;
      if (onlyParkedLeft(waiting)) return false;
    }
  } finally {
    over.abort();
    progress.end();
  }
  output.note('No longer waiting: the runs stay queued, and workers go on with them.');
  return false;
}

function take(event: AnyRecordedEvent, waiting: Waiting, output: Output): void {
  const { runs, open, parked } = waiting;
  switch (event.type) {
    case 'EpisodeFinished': {
      const run = open.get(event.stream);
      if (run === undefined) return;
      open.delete(event.stream);
      const data: Extract<EpisodeEvent, { type: 'EpisodeFinished' }>['data'] = event.data;
      output.record({ type: 'episode', run, episode: event.stream, ...data });
      return;
    }
    case 'RunFinished':
      runs.delete(event.stream);
      return;
    case 'EpisodeParked': {
      const { run, episode, reason } = event.data;
      if (!runs.has(run)) return;
      parked.add(episode);
      const again = `\`pawl queue retry ${shortId(run)}\` lets workers try it again.`;
      output.note(`${shortEpisode(run, episode)} is parked: ${reason} ${again}`);
      return;
    }
    case 'EpisodeUnparked':
      parked.delete(event.data.episode);
      return;
    case 'RunDequeued':
      if (event.data.why === 'finished' || !runs.has(event.data.run)) return;
      output.note(`${shortId(event.data.run)} was taken out of the queue.`);
      for (const [episode, run] of open) if (run === event.data.run) parked.add(episode);
      return;
  }
}

function onlyParkedLeft({ open, parked }: Waiting): boolean {
  return open.size > 0 && [...open.keys()].every((episode) => parked.has(episode));
}
