import type { EpisodeData } from './episode-state.ts';
import type { RunData } from './run-state.ts';
import { episodeStream } from './stream-names.ts';

/** The episode that an episode of a forked run branches off, and the last revision that is repeated; null for other runs. */
export function forkedFromOf(
  { forkedFrom }: Pick<RunData<'RunStarted'>, 'forkedFrom'>,
  index: number,
): EpisodeData<'EpisodeStarted'>['forkedFrom'] {
  if (forkedFrom === null) return null;
  const { stream, revision } = forkedFrom;
  if (stream.startsWith('episode-')) return { episode: stream, revision };
  // Episodes of a forked run have the same numbers, and begin anew.
  return { episode: episodeStream(stream, index), revision };
}
