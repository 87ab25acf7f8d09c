import { PawlError } from '../kernel/pawl-error.ts';
import type { EpisodeData } from './episode-state.ts';
import { forkedFromOf } from './forked-from.ts';
import type { RegisteredTask } from './register-suite.ts';
import type { RunData, RunState } from './run-state.ts';

/**
 * What an episode's first event says; it follows from its run and the registered suite alone.
 *
 * @throws PawlError `TASK_NOT_FOUND`
 */
export function episodeStarted(
  { run, started, granted }: Pick<RunState, 'run' | 'started' | 'granted'>,
  { index, task }: RunData<'EpisodeScheduled'>,
  tasks: ReadonlyMap<string, RegisteredTask>,
): EpisodeData<'EpisodeStarted'> {
  const registered = tasks.get(task);
  if (registered === undefined) {
    throw new PawlError('TASK_NOT_FOUND', `The suite of ${run} has no task "${task}".`, {
      context: { task },
    });
  }
  const { strategy, generator, seed } = started;
  return {
    run,
    index,
    task,
    view: registered.view,
    hidden: registered.hidden,
    strategy,
    generator,
    // Not of the strategy: arms that are compared face the same draws.
    seed: `${seed}/${task}`,
    budget: granted.episode,
    forkedFrom: forkedFromOf(started, index),
    source: null,
  };
}
