import type { AnyRecordedEvent } from '../src/events/record.ts';
import type { Digest } from '../src/kernel/brand.ts';
import { digestOf } from '../src/kernel/digest.ts';

/**
 * A pure fold of recorded events. The state is plain JSON; it belongs to the fold, which may update it in place (a copy per
 * event would make a long fold quadratic), so a caller that wants to keep a past state hashes or clones it first.
 * `version` changes whenever the same events would give another state.
 */
export interface Projection<State> {
  readonly name: string;
  readonly version: number;
  initialState(): State;
  evolve(state: State, event: AnyRecordedEvent): State;
}

/** Folds events from the beginning, or on from a state. */
export function fold<State>(
  projection: Projection<State>,
  events: Iterable<AnyRecordedEvent>,
  from: State = projection.initialState(),
): State {
  let state = from;
  for (const event of events) state = projection.evolve(state, event);
  return state;
}

/** Identifies a state: equal hashes mean the same fold came to the same state, whatever the machine and the batch sizes. */
export function stateHash<State>(projection: Projection<State>, state: State): Digest {
  return digestOf({ projection: projection.name, version: projection.version, state });
}
