import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Projection } from '../../projections/projection.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { Strategy } from '../../src/strategies/strategy.ts';
import { AmbientAccess } from '../support/ambient-access.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { givenEvents } from '../support/given-events.ts';

const task: TaskView = {
  ...{ id: 't', language: 'javascript', entryPoint: 'f', statement: '', prelude: '', givenProgram: null },
  publicTests: { kind: 'cases', cases: [] },
  limits: { wallMs: 1, steps: null, memoryBytes: 1, outputBytes: 1 },
  tags: {},
};
const exhausted = (spent: number): EpisodeEvent => ({
  type: 'BudgetExhausted',
  data: { kind: 'tokens', limit: 1, spent },
});

interface Counted {
  seen: number;
}
const counting: Strategy<Counted, { readonly limit: number }> = {
  ...{ name: 'counting', version: 1, summary: 'asks until it has seen enough' },
  params: z.strictObject({ limit: z.int().default(2) }),
  initialState: () => ({ seen: 0 }),
  evolve: (state) => ({ seen: state.seen + 1 }),
  decide: ({ seen }) => (seen < 2 ? [{ kind: 'adopt' }] : []),
};

describe('givenEvents', () => {
  it('folds what happened and asserts exactly what is asked for next', () => {
    const once = givenEvents(counting, task, {}, 'seed').when(exhausted(1));
    once.thenDecides({ kind: 'adopt' });
    once.when(exhausted(2)).thenDecides();
    once.thenDecides({ kind: 'adopt' });
    expect(once.state()).toEqual({ seen: 1 });
    expect(() => once.thenDecides()).toThrow(/toEqual|deeply equal/);
  });

  it('fails a strategy that edits its state, reads a clock or changes its mind', () => {
    const editing = {
      ...counting,
      evolve: (state: Counted) => {
        state.seen += 1;
        return state;
      },
    };
    const reading = { ...counting, decide: () => (Date.now() > 0 ? [] : []) };
    let calls = 0;
    const fickle: typeof counting = {
      ...counting,
      decide: () => {
        calls += 1;
        return calls % 2 === 0 ? [{ kind: 'adopt' }] : [];
      },
    };
    expect(() => givenEvents(editing, task, {}, 's').when(exhausted(1)).decided()).toThrow(TypeError);
    expect(() => givenEvents(reading, task, {}, 's').decided()).toThrow(AmbientAccess);
    expect(() => givenEvents(fickle, task, {}, 's').decided()).toThrow(/the same state/);
  });
});

const totals: Projection<{ spent: number; last: { position: number; revision: number } | null }> = {
  name: 'totals',
  version: 1,
  initialState: () => ({ spent: 0, last: null }),
  evolve: (state, event) => ({
    spent: state.spent + (event.type === 'BudgetExhausted' ? event.data.spent : 0),
    last: { position: event.position, revision: event.revision },
  }),
};

describe('foldSpecification', () => {
  it('records each event in its stream and folds them in order', () => {
    foldSpecification(totals)
      .given(['episode-1', exhausted(3)], ['episode-2', exhausted(4)])
      .given(['episode-1', exhausted(5)])
      .thenState({ spent: 12, last: { position: 2, revision: 1 } });
    foldSpecification(totals).thenState({ spent: 0, last: null });
  });

  it('fails a fold whose state does not survive being stored', () => {
    let hidden = 0;
    const forgetful: typeof totals = {
      ...totals,
      evolve: (state) => {
        hidden += 1;
        return { ...state, spent: hidden };
      },
    };
    const dated = { ...totals, evolve: () => ({ spent: Math.random(), last: null }) };
    const history = foldSpecification(forgetful).given(['episode-1', exhausted(1)]);
    expect(() => history.state()).toThrow(/a fold from snapshots/);
    expect(() =>
      foldSpecification(dated)
        .given(['episode-1', exhausted(1)])
        .state(),
    ).toThrow(AmbientAccess);
  });

  it('refuses an event that the catalogue would refuse', () => {
    const history = foldSpecification(totals).given(['episode-1', exhausted(-1)]);
    expect(() => history.state()).toThrow(/BudgetExhausted is not valid/);
  });
});
