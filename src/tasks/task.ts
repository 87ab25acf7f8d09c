import type { TaskView } from '../events/task-view.ts';
import type { HiddenTests } from './hidden-tests.ts';

/** A problem: what may be seen, and what grades. */
export interface Task {
  readonly view: TaskView;
  readonly hidden: HiddenTests;
  /** A program known to solve it, for checking suites; never shown to a strategy or generator. */
  readonly reference: string | null;
}
