import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';

/** The same runs `copies` times over, each copy under its own stream names; references between streams are renamed too. */
export function scaledHistory(
  events: readonly AnyRecordedEvent[],
  copies: number,
): readonly AnyRecordedEvent[] {
  return Array.from({ length: copies }, (_, copy) =>
    events.map((event, index) => ({
      ...event,
      stream: renamed(event.stream, copy),
      data: renamedData(event.data, copy),
      position: copy * events.length + index,
    })),
  ).flat() as AnyRecordedEvent[];
}

/** Also for the names of episodes (`episode-RUN.3`): the run's part is what gets the number of the copy. */
export function renamed(stream: StreamName, copy: number): StreamName {
  return stream.startsWith('suite-') ? stream : (stream.replace(/(\.|$)/, `:${copy}$1`) as StreamName);
}

export function renamedData(data: object, copy: number): object {
  const { run, episode, group } = data as { run?: StreamName; episode?: StreamName; group?: string };
  if (group !== undefined) return { ...data, group: `${group}:${copy}` };
  if (run !== undefined) return { ...data, run: renamed(run, copy) };
  return typeof episode === 'string' ? { ...data, episode: renamed(episode, copy) } : data;
}

/** One episode with so many candidates: every event that tells of a candidate is told again of others. */
export function longEpisode(
  events: readonly AnyRecordedEvent[],
  candidates: number,
): readonly AnyRecordedEvent[] {
  const started = events.find(({ type }) => type === 'EpisodeStarted');
  if (started === undefined) throw new Error('the history holds no episode');
  const told = events.filter((event) => event.stream === started.stream && 'candidate' in event.data);
  const again = Array.from({ length: candidates }, (_, copy) =>
    told.map((event) => ({
      ...event,
      position: event.position + copy * events.length,
      data: { ...event.data, candidate: numbered((event.data as { candidate: Digest }).candidate, copy) },
    })),
  ).flat() as AnyRecordedEvent[];
  return [started, ...again];
}

function numbered(digest: Digest, copy: number): Digest {
  return `${copy.toString(16).padStart(8, '0')}${digest.slice(8)}` as Digest;
}
