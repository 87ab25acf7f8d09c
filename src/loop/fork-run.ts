import type { StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { type ForkChanges, type ForkServices, forkedRun, writeForkedRun } from './forked-run.ts';
import { readRunState } from './run-state.ts';
import { episodeStream } from './stream-names.ts';

/** Which run is branched, and what is to be other than in it. */
export interface RunFork extends ForkChanges {
  readonly run: StreamName;
}

/** A branch that is written down; `executeRun` works on it like on any run. */
export interface ForkedRunName {
  readonly run: StreamName;
  readonly parent: StreamName;
}

/**
 * Branches every episode of a run at its beginning: the same tasks in the same order, nothing repeated, and answered by what
 * the parent's episodes recorded wherever the same is asked for. Nothing is performed yet.
 *
 * @throws PawlError `FORK_INVALID`, `RUN_NOT_FOUND`, `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `PROMPT_TEMPLATE_INVALID`,
 * and those of `Ledger.append`
 */
export async function forkRun(
  { run: parent, ...changes }: RunFork,
  services: ForkServices,
): Promise<ForkedRunName> {
  const state = await readRunState(services.ledger, parent);
  if (
    state.episodes.some(({ episode, index }, at) => index !== at || episode !== episodeStream(parent, at))
  ) {
    throw new PawlError('FORK_INVALID', `${parent} numbers its episodes in a way that no run does.`, {
      context: { run: parent },
    });
  }
  const tasks = state.episodes.map(({ task }) => task);
  const languages = state.started.sandbox.map(({ language }) => language);
  const forkedFrom = { stream: parent, revision: -1 };
  const forked = await forkedRun(state, forkedFrom, tasks, languages, changes, services);
  await writeForkedRun(forked, services);
  return { run: forked.run, parent };
}
