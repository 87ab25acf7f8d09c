import { expect } from 'vitest';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type Happening, recordHistory } from './record-history.ts';
import { withAmbientForbidden } from './with-ambient-forbidden.ts';

/**
 * A projection's behaviour as a value: what was recorded, and the state it folds to.
 *
 *     foldSpecification(budget).given(['episode-1', started], ['episode-1', generated]).thenState({ … });
 */
export interface FoldSpecification<State> {
  /** The same specification with more history, each event in its stream. */
  given(...happenings: readonly Happening[]): FoldSpecification<State>;
  /** Asserts the whole state. */
  thenState(expected: State): void;
  /** The state, for assertions about a part of it. */
  state(): State;
}

/**
 * The fold runs with time, chance and effects forbidden and on frozen events. It is also stopped after every event, its
 * state written as canonical JSON, read back and continued: both ways must come to the same state hash, because that is
 * what a stored snapshot relies on.
 */
export function foldSpecification<State>(projection: Projection<State>): FoldSpecification<State> {
  return specification(projection, []);
}

function specification<State>(
  projection: Projection<State>,
  happenings: readonly Happening[],
): FoldSpecification<State> {
  const state = (): State => {
    const events = deepFreeze(recordHistory(happenings));
    const { scratch, resumed } = withAmbientForbidden(() => ({
      scratch: fold(projection, events),
      resumed: events.reduce<State>(
        (before, event) => fold(projection, [event], JSON.parse(canonicalJson(before))),
        projection.initialState(),
      ),
    }));
    expect(stateHash(projection, resumed), 'a fold from snapshots must equal a fold from scratch').toBe(
      stateHash(projection, scratch),
    );
    return scratch;
  };
  return {
    given: (...more) => specification(projection, [...happenings, ...more]),
    thenState: (expected) => expect(state()).toEqual(expected),
    state,
  };
}
