import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { suiteStream } from '../../loop/stream-names.ts';
import { counted, type EventsByStream, type ScopeParts } from './scope-parts.ts';

/** A run with all of its episodes, or with one of them, and its suite. */
export class RunParts implements ScopeParts {
  readonly #run: StreamName;
  readonly #episode: StreamName | null;
  readonly #events: EventsByStream;

  constructor(
    { run, episode }: { readonly run: StreamName; readonly episode: StreamName | null },
    events: EventsByStream,
  ) {
    this.#run = run;
    this.#episode = episode;
    this.#events = events;
  }

  missing(): string | null {
    const [run, episode] = [this.#run, this.#episode];
    const first = this.#events.get(run)?.[0];
    if (first?.type !== 'RunStarted') return `${run} does not begin with RunStarted.`;
    if (!this.#events.has(suiteStream(first.data.suite))) return `The suite of ${run} is not here.`;
    const scheduled = this.#scheduled();
    if (episode !== null) {
      if (!scheduled.includes(episode)) return `${run} did not schedule ${episode}.`;
      return this.#events.has(episode) ? null : `${episode} is not here.`;
    }
    if (scheduled.length !== first.data.tasks) {
      return `${run} says it has ${first.data.tasks} tasks and schedules ${scheduled.length}.`;
    }
    // A run out of time ends without having begun all of its episodes; then it says how many it ended.
    const end = this.#events.get(run)?.find(({ type }) => type === 'RunFinished');
    const ended = scheduled.filter((name) => this.#ended(name, 'EpisodeFinished')).length;
    if (end?.type !== 'RunFinished' || end.data.episodes === ended) return null;
    return `${run} finished ${end.data.episodes} episodes, of which ${ended} are here to their end.`;
  }

  open(): string | null {
    if (this.#episode === null && !this.#ended(this.#run, 'RunFinished')) {
      return 'The run had not ended: what it recorded later, if anything, is not in here.';
    }
    const unended = this.episodes().find((name) => !this.#ended(name, 'EpisodeFinished'));
    return unended === undefined ? null : `${unended} had not ended: what it recorded later is not in here.`;
  }

  summary(texts: string): string {
    const what =
      this.#episode === null
        ? `The run and its ${counted(this.episodes().length, 'episode')} are`
        : 'The episode is';
    return `${what} here from the first record to the last, with ${texts}.`;
  }

  /** Those that are claimed and of which there is something here. */
  episodes(): readonly StreamName[] {
    if (this.#episode !== null) return [this.#episode];
    return this.#scheduled().filter((name) => this.#events.has(name));
  }

  #scheduled(): readonly StreamName[] {
    const events = this.#events.get(this.#run) ?? [];
    return events.flatMap((event) => (event.type === 'EpisodeScheduled' ? [event.data.episode] : []));
  }

  #ended(stream: StreamName, type: AnyRecordedEvent['type']): boolean {
    return this.#events.get(stream)?.at(-1)?.type === type;
  }
}
