import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunData, RunState } from './run-state.ts';
import { wallTimeUsed } from './wall-time-used.ts';

/** What earlier sessions of a run left. */
export interface LookedBack {
  readonly begun: ReadonlySet<StreamName>;
  readonly endings: ReadonlyMap<StreamName, RunData<'EpisodeFinished'>>;
  /** Wall time that they used, milliseconds. */
  readonly wallMs: number;
}

/** Which episodes of a run have begun and which have ended, and the wall time that it took. */
export async function lookBack(ledger: Ledger, { episodes, sessions }: RunState): Promise<LookedBack> {
  const begun = new Set<StreamName>();
  const endings = new Map<StreamName, RunData<'EpisodeFinished'>>();
  const eventTimes: number[] = [];
  for (const { episode } of episodes) {
    for await (const event of ledger.readStream(episode)) {
      eventTimes.push(event.at);
      begun.add(episode);
      if (event.type === 'EpisodeFinished') endings.set(episode, event.data);
    }
  }
  return { begun, endings, wallMs: wallTimeUsed(sessions, eventTimes) };
}
