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
  /** The part of it that the last one used, which includes whatever was recorded since it began. */
  readonly lastSessionMs: number;
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
  const wallMs = wallTimeUsed(sessions, eventTimes);
  const without = sessions.map((session, at) =>
    at === sessions.length - 1 ? { ...session, wallMs: 0 } : session,
  );
  return { begun, endings, wallMs, lastSessionMs: wallMs - wallTimeUsed(without, eventTimes) };
}
