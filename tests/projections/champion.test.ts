import { describe, expect, it } from 'vitest';
import { championProjection } from '../../projections/champion.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import {
  configuration,
  decided,
  hash,
  ids,
  installed,
  line,
  opened,
  promoted,
  rolledBack,
} from './line-events.ts';
import { stream } from './run-events.ts';

const base = { strategy: hash('a'), generator: hash('b') };
const first = { ...base, generator: hash('c') };
const second = { ...base, generator: hash('d') };
const yes = { verdict: 'promote', keep: true, symbol: 'promote' } as const;
const kept = { verdict: 'discard', keep: true, symbol: 'discard' } as const;

const begun = [opened, installed('strategy', 'a'), installed('generator', 'b')];
const baseline = [{ champion: hash('b'), track: 'baseline', proposal: null, revision: 2 }] as const;

function told(...events: readonly PawlEvent[]) {
  const history = [...begun, ...events].map((event) => [line, event] as const);
  const { lines } = foldSpecification(championProjection)
    .given(...history)
    .state();
  return lines[stream(line)];
}

describe('the champions of a line', () => {
  it('begin with the baseline on both tracks', () => {
    foldSpecification(championProjection)
      .given(...begun.map((event) => [line, event] as const))
      .thenState({
        lines: {
          [stream(line)]: {
            working: base,
            certified: base,
            history: {
              strategy: [{ champion: hash('a'), track: 'baseline', proposal: null, revision: 1 }],
              generator: [...baseline],
            },
            decided: {},
          },
        },
      });
  });

  it('are apart on the two tracks, as the gate decided', () => {
    const state = told(decided(ids.a, first, kept), promoted(ids.a, 'working', first, base));
    expect(state).toMatchObject({ working: first, certified: base });
    expect(state?.history.generator).toEqual([
      ...baseline,
      { champion: hash('c'), track: 'working', proposal: ids.a, revision: 4 },
    ]);
    expect(state?.decided).toEqual({
      [ids.a]: { configuration: configuration(first), promote: false, keep: true },
    });
  });

  it('stack: a promotion starts from what holds, and erases nothing', () => {
    const state = told(
      decided(ids.a, first, yes),
      promoted(ids.a, 'working', first, base),
      promoted(ids.a, 'certified', first, base),
      decided(ids.b, second, yes),
      promoted(ids.b, 'working', second, first),
      promoted(ids.b, 'certified', second, first),
    );
    expect(state).toMatchObject({ working: second, certified: second });
    expect(state?.history.generator?.map(({ champion, track }) => [champion, track])).toEqual([
      [hash('b'), 'baseline'],
      [hash('c'), 'working'],
      [hash('c'), 'certified'],
      [hash('d'), 'working'],
      [hash('d'), 'certified'],
    ]);
  });

  it('where nothing was kept apart, change on both tracks at once', () => {
    const state = told(decided(ids.a, first, yes), promoted(ids.a, 'certified', first, base));
    expect(state).toMatchObject({ working: first, certified: first });
  });

  it('go back to what a slot held, and say so', () => {
    const state = told(
      decided(ids.a, first, yes),
      promoted(ids.a, 'certified', first, base),
      rolledBack('c', 'b'),
    );
    expect(state).toMatchObject({ working: base, certified: base });
    expect(state?.history.generator?.at(-1)).toEqual({
      ...{ champion: hash('b'), track: 'rollback', proposal: null, revision: 5 },
    });
  });

  it.each([
    ['nobody decided about', promoted(ids.a, 'certified', first, base)],
    ['somebody decided against', promoted(ids.b, 'certified', first, base)],
  ])('are not replaced by what %s', (_, promotion) => {
    const against = decided(ids.b, first, { verdict: 'discard', keep: false, symbol: 'discard' });
    expect(told(against, promotion)).toMatchObject({ working: base, certified: base });
  });

  it('are not replaced by something else than what was decided, nor from something else than what holds', () => {
    const other = { ...first, strategy: hash('e') };
    const decision = decided(ids.a, first, yes);
    for (const promotion of [
      promoted(ids.a, 'certified', other, base),
      promoted(ids.a, 'certified', first, second),
      {
        ...promoted(ids.a, 'certified', first, base),
        data: { ...promoted(ids.a, 'certified', first, base).data, slots: other },
      } as PawlEvent,
    ]) {
      expect(told(decision, promotion)).toMatchObject({ working: base, certified: base });
    }
  });

  it('do not go back from what they do not hold, and a filled slot takes no baseline', () => {
    expect(told(rolledBack('c', 'd'), installed('generator', 'd'))).toMatchObject({
      ...{ working: base, certified: base },
      history: { generator: [...baseline] },
    });
  });

  it('of a line that was not opened are none', () => {
    foldSpecification(championProjection)
      .given([line, installed('generator', 'b')], [line, rolledBack('b', 'c')])
      .thenState({ lines: {} });
  });
});
