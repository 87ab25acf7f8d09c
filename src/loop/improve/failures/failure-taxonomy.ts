import type { ExecutionResult } from '../../../events/execution-result.ts';
import type { AnyRecordedEvent } from '../../../events/record.ts';
import type { TaskView } from '../../../events/task-view.ts';
import type { Digest, StreamName } from '../../../kernel/brand.ts';

/** An episode on `optimize` that has come to its end, as a taxonomy looks at it. */
export interface FinishedEpisode {
  readonly stream: StreamName;
  readonly task: TaskView;
  /** All of its events, in order. */
  readonly events: readonly AnyRecordedEvent[];
  /** Results of executions against public tests by their digest. Those against hidden tests are not in here. */
  readonly results: ReadonlyMap<Digest, ExecutionResult>;
  /** Programs by their digest. */
  readonly programs: ReadonlyMap<Digest, string>;
}

/** Why a task was not solved: one class, one line, and the revisions of the events that prove it. */
export interface ClassifiedFailure {
  readonly class: string;
  readonly why: string;
  readonly evidence: readonly number[];
}

/**
 * Sorts failures into classes. `classify` is pure: the same events always give the same class; null for an episode that has not
 * failed. A suite can have one of its own (`taxonomies.ts`).
 */
export interface FailureTaxonomy {
  readonly name: string;
  /** Another rule for the same events is another version. */
  readonly version: number;
  readonly classes: readonly string[];
  classify(episode: FinishedEpisode): ClassifiedFailure | null;
}

/** One failed task, as it is recorded. */
export interface RecordedFailure extends ClassifiedFailure {
  readonly task: string;
  readonly episode: StreamName;
}
