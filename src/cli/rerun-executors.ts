import type { Sandbox } from '../../sandbox/sandbox.ts';
import { systemClock } from '../kernel/clock.ts';
import type { RerunServices } from '../loop/rerun-episodes.ts';
import { RerunExecutor, type RerunExecutorOptions } from '../loop/rerun-executor.ts';
import type { Sandboxes } from './open-sandbox.ts';

/** One executor for each sandbox that the runs need: equal programs are executed once in each. */
export function rerunExecutors(
  sandboxes: Sandboxes,
  options: Pick<RerunExecutorOptions, 'atATime' | 'signals'>,
): Pick<RerunServices, 'executorFor'> & { readonly performed: () => number } {
  const executors = new Map<Sandbox, RerunExecutor>();
  return {
    executorFor: async (recorded) => {
      const sandbox = await sandboxes.like(recorded);
      const known = executors.get(sandbox) ?? new RerunExecutor({ ...options, sandbox, clock: systemClock });
      executors.set(sandbox, known);
      return known;
    },
    performed: () => [...executors.values()].reduce((sum, { performed }) => sum + performed, 0),
  };
}
