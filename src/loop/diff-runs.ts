import type { StreamName } from '../kernel/brand.ts';
import type { Json } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type DataChange, dataChanges } from './data-changes.ts';
import { diffEpisodes } from './diff-episodes.ts';
import { type RunState, readRunState } from './run-state.ts';

/** How one task went on both sides; an episode that has not begun is null. */
export interface TaskDiff {
  readonly task: string;
  readonly left: StreamName;
  readonly right: StreamName;
  readonly identical: boolean;
  /** Revisions 1 up to this one are the same. */
  readonly common: number;
  /** Pairs that differ and events that only one side has. */
  readonly differences: number;
}

/** Two runs over one suite, laid side by side. */
export interface RunDiff {
  readonly left: StreamName;
  readonly right: StreamName;
  readonly setup: readonly DataChange[];
  readonly tasks: readonly TaskDiff[];
  /** Tasks that only one side has, or has begun. */
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

/**
 * Lays two runs side by side, task by task.
 *
 * @throws PawlError `RUN_NOT_FOUND`, `RUN_NOT_COMPARABLE` for runs of two suites
 */
export async function diffRuns(ledger: Ledger, left: StreamName, right: StreamName): Promise<RunDiff> {
  const [ours, theirs] = [await readRunState(ledger, left), await readRunState(ledger, right)];
  if (ours.started.suite !== theirs.started.suite) {
    throw new PawlError(
      'RUN_NOT_COMPARABLE',
      `${left} is over ${ours.started.suiteName} and ${right} over ${theirs.started.suiteName}; only runs over one suite can be laid side by side.`,
      { context: { left: ours.started.suiteName, right: theirs.started.suiteName } },
    );
  }
  const [begunLeft, begunRight] = [await begun(ledger, ours), await begun(ledger, theirs)];
  const tasks: TaskDiff[] = [];
  for (const [task, episode] of begunLeft) {
    const other = begunRight.get(task);
    if (other === undefined) continue;
    const { common, steps, identical } = await diffEpisodes(ledger, episode, other);
    const differences = steps.filter(({ relation }) => relation !== 'same').length;
    tasks.push({ task, left: episode, right: other, identical, common, differences });
  }
  return {
    ...{ left, right, tasks },
    setup: dataChanges(setup(ours), setup(theirs)),
    onlyLeft: [...begunLeft.keys()].filter((task) => !begunRight.has(task)),
    onlyRight: [...begunRight.keys()].filter((task) => !begunLeft.has(task)),
  };
}

function setup({ started, granted }: RunState): Json {
  const { strategy, generator, prompt, scorer, sandbox, seed, flags, split } = started;
  return { strategy, generator, prompt, scorer, sandbox, seed, flags, split, budget: granted } as Json;
}

async function begun(ledger: Ledger, { episodes }: RunState): Promise<ReadonlyMap<string, StreamName>> {
  const found = new Map<string, StreamName>();
  for (const { task, episode } of episodes) {
    if ((await ledger.lastRevision(episode)) >= 0) found.set(task, episode);
  }
  return found;
}
