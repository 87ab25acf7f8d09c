import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { type Clock, steppingClock } from '../../src/kernel/clock.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Comparison } from '../../src/loop/rerun-comparable.ts';
import { type EpisodeRerun, rerunEpisode, type TimeWindow } from '../../src/loop/rerun-episode.ts';
import { RerunExecutor } from '../../src/loop/rerun-executor.ts';
import { ScriptedSandbox, scriptedFingerprint } from './scripted-sandbox.ts';

export interface RerunParts {
  readonly sandbox?: Sandbox;
  readonly recorded?: readonly Fingerprint[];
  readonly window?: TimeWindow;
  readonly comparison?: Comparison;
  readonly pause?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly clock?: Clock;
  readonly atATime?: number;
}

export const always: TimeWindow = { sinceMs: null, untilMs: null };

export function executorOf({ sandbox, pause, abort, clock, atATime }: RerunParts): RerunExecutor {
  const never = new AbortController().signal;
  return new RerunExecutor({
    sandbox: sandbox ?? new ScriptedSandbox(),
    clock: clock ?? steppingClock(0, 1),
    atATime: atATime ?? 2,
    signals: { pause: pause ?? never, abort: abort ?? never },
  });
}

/** Executes an episode of a toy run again. */
export function rerunOf(ledger: Ledger, episode: StreamName, parts: RerunParts = {}): Promise<EpisodeRerun> {
  const { recorded = [scriptedFingerprint], window = always, comparison = 'whole' } = parts;
  return rerunEpisode(ledger, episode, { recorded, window, comparison, executor: executorOf(parts) });
}

/** Verdict, layer and first difference of each check, in one line. */
export function checkLines({ checks }: EpisodeRerun): string[] {
  return checks.map(({ revision, tests, verdict, layer, differences, differenceCount }) => {
    const [first] = differences;
    const what =
      first === undefined ? '' : `: ${first.place} ${first.member} ${first.recorded} → ${first.here}`;
    return `${revision} ${tests} ${verdict} ${layer} ${differenceCount}${what}`;
  });
}
