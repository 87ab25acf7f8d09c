import { PawlError } from '../kernel/pawl-error.ts';
import type { Suite } from './suite.ts';
import { suiteDigest } from './suite-digest.ts';
import type { Task } from './task.ts';

/**
 * A frozen suite with its digest.
 *
 * @throws PawlError `SUITE_INVALID` when there is no task or two share an id
 */
export function makeSuite(name: string, format: string, tasks: readonly Task[]): Suite {
  if (tasks.length === 0) throw new PawlError('SUITE_INVALID', `The suite "${name}" holds no task.`);
  const seen = new Set<string>();
  for (const { view } of tasks) {
    if (seen.has(view.id)) {
      throw new PawlError('SUITE_INVALID', `The suite "${name}" holds the task "${view.id}" twice.`, {
        context: { task: view.id },
      });
    }
    seen.add(view.id);
  }
  const frozen = Object.freeze(tasks.map(deepFreeze));
  return Object.freeze({ name, format, digest: suiteDigest(frozen), tasks: frozen });
}

/** Tasks are shared by everything that runs at the same time, so nobody may change one. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
