import type { AnyRecordedEvent } from '../../events/record.ts';

/**
 * A fold as snapshots see it; every projection is one. The state is plain JSON. `version` changes whenever the same events
 * would give another state, and whatever was kept of another version is of no use then.
 */
export interface Foldable<State> {
  readonly name: string;
  readonly version: number;
  initialState(): State;
  evolve(state: State, event: AnyRecordedEvent): State;
}
