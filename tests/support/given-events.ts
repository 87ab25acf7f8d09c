import { expect } from 'vitest';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Command, Strategy } from '../../src/strategies/strategy.ts';
import { deepFreeze } from './deep-freeze.ts';
import { withAmbientForbidden } from './with-ambient-forbidden.ts';

/**
 * A strategy's behaviour as a value: what happened so far, and what it must ask for next. `when` gives a new value, so a
 * beginning can be named once and continued in several ways.
 *
 *     const failedOnce = givenEvents(strategy, task, params, 'seed').when(started, generated(first), failed(first));
 *     failedOnce.thenDecides({ kind: 'compose-feedback', … });
 *     failedOnce.when(exhausted).thenDecides({ kind: 'finish', … });
 */
export interface StrategyHistory<State> {
  /** The same history, continued. */
  when(...events: readonly EpisodeEvent[]): StrategyHistory<State>;
  /** Asserts exactly these commands, in order; none at all is "nothing to do now". */
  thenDecides(...commands: readonly Command[]): void;
  /** The commands, for laws over many histories. */
  decided(): readonly Command[];
  /** The folded state, frozen. */
  state(): State;
}

/**
 * Everything runs with time, chance and effects forbidden, on frozen events and states, and each answer is asked for
 * twice: a strategy that is not pure fails whatever the commands.
 *
 * @param params raw parameters; the strategy's own schema fills in its defaults
 */
export function givenEvents<State, Params extends JsonObject>(
  strategy: Strategy<State, Params>,
  task: TaskView,
  params: unknown,
  seed: string,
): StrategyHistory<State> {
  const parsed = deepFreeze(strategy.params.parse(params));
  return history(strategy, () => strategy.initialState(deepFreeze(task), parsed, seed), []);
}

function history<State, Params extends JsonObject>(
  strategy: Strategy<State, Params>,
  begin: () => State,
  events: readonly EpisodeEvent[],
): StrategyHistory<State> {
  const state = (): State =>
    withAmbientForbidden(() => {
      let folded = deepFreeze(begin());
      for (const event of events) folded = deepFreeze(strategy.evolve(folded, deepFreeze(event)));
      return folded;
    });
  const decided = (): readonly Command[] => {
    const folded = state();
    const [once, twice] = withAmbientForbidden(() => [strategy.decide(folded), strategy.decide(folded)]);
    expect(twice, 'the same state must give the same commands').toEqual(once);
    return once;
  };
  return {
    when: (...more) => history(strategy, begin, [...events, ...more]),
    thenDecides: (...commands) => expect(decided()).toEqual(commands),
    decided,
    state,
  };
}
