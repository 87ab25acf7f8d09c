import type { StreamName } from '../kernel/brand.ts';
import type { ForkAccount } from '../loop/fork-account.ts';
import { shortId } from './find-run.ts';

/** What a branch took over and what it did anew, in three lines. */
export function accountLines({ copied, reused, performed }: ForkAccount): readonly string[] {
  const other = reused.sameInput === 0 ? '' : ` (${reused.sameInput} recorded under another key)`;
  return [
    `copied     ${counted(copied, 'event')}`,
    `reused     ${counted(reused.generations, 'generation')}, ${counted(reused.executions, 'execution')}${other}`,
    `performed  ${counted(performed.generations, 'generation')}, ${counted(performed.executions, 'execution')}`,
  ];
}

export function branchedFrom({ stream, revision }: { stream: StreamName; revision: number }): string {
  if (stream.startsWith('run-')) return `every episode of ${shortId(stream)}, from its beginning`;
  if (revision < 0) return `${shortEpisode(stream)}, from its beginning`;
  return `${shortEpisode(stream)} at revision ${revision}`;
}

/** In a column: `7XK2QD.3 at 12`, or the run. */
export function shortParent({ stream, revision }: { stream: StreamName; revision: number }): string {
  return stream.startsWith('run-') ? shortId(stream) : `${shortEpisode(stream)} at ${revision}`;
}

/** As people type it: the end of the run's id, and the number of the episode. */
export function shortEpisode(episode: StreamName): string {
  const [run = '', index = ''] = episode.split('.');
  return `${run.slice(-6)}.${index}`;
}

/** `1 event`, `2 events`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
