import { describe, expect, it } from 'vitest';
import { gateHistoryProjection } from '../../projections/gate-history.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import {
  approved,
  checked,
  decided,
  discarded,
  failed,
  gateOpened,
  hash,
  ids,
  line,
  opened,
  promoted,
  proposed,
  registered,
} from './line-events.ts';
import { stream } from './run-events.ts';

const base = { generator: hash('b') };
const slots = { generator: hash('c') };

function told(...events: readonly PawlEvent[]) {
  const history = [opened, ...events].map((event) => [line, event] as const);
  const { lines } = foldSpecification(gateHistoryProjection)
    .given(...history)
    .state();
  return lines[stream(line)];
}

const change = {
  ...{ proposal: ids.a, slot: 'generator', challenger: hash('c'), parent: hash('b'), author: 'tuner' },
  ...{ hypothesis: 'It solves more.', targetFailure: 'timeout', predictedGain: 0.1 },
};
const nothing = {
  ...{ gate: null, checks: [], verdict: null, symbol: null, sentence: null },
  ...{ approvals: [], promoted: [], discarded: false },
};

describe('the history of a gate', () => {
  it('has gates, proposals and failures of proposers, line by line', () => {
    foldSpecification(gateHistoryProjection)
      .given([line, opened], [line, registered('9')], [line, failed(ids.b)], [line, registered('8')])
      .thenState({
        lines: { [stream(line)]: { gates: [hash('9'), hash('8')], failed: 1, rows: [], places: {} } },
      });
    const state = told(proposed(ids.a, 'c', 'b'));
    expect(state?.rows).toEqual([{ ...change, ...nothing }]);
    expect(state?.places).toEqual({ [ids.a]: 0 });
  });

  it('tells of a proposal from its making to its promotion', () => {
    const state = told(
      proposed(ids.a, 'c', 'b'),
      gateOpened(ids.a, 'c', slots),
      checked(ids.a, 'static', 'pass', false),
      checked(ids.a, 'heldout', 'pass', true),
      checked(ids.a, 'slices', 'pass', true),
      decided(ids.a, slots, { verdict: 'promote', keep: true, symbol: 'promote' }),
      approved(ids.a, 'person:grace'),
      promoted(ids.a, 'working', slots, base),
      promoted(ids.a, 'certified', slots, base),
    );
    expect(state?.rows).toEqual([
      {
        ...change,
        gate: hash('9'),
        checks: [
          { check: 'static', verdict: 'pass', sentence: 'It is a change.' },
          { check: 'held-out', verdict: 'sealed', sentence: 'sealed: proposers learn the symbol alone' },
        ],
        ...{ verdict: 'promote', symbol: 'promote', sentence: 'So it is.' },
        ...{ approvals: ['person:grace'], promoted: ['working', 'certified'], discarded: false },
      },
    ]);
  });

  it('has nothing of held-out items in it but the symbol', () => {
    const state = told(
      proposed(ids.a, 'c', 'b'),
      checked(ids.a, 'heldout', 'block', true),
      checked(ids.a, 'slices', 'block', true),
      decided(ids.a, slots, { verdict: 'discard', keep: false, symbol: 'discard' }),
    );
    expect(canonicalJson(state)).not.toMatch(/61 %|block/);
    expect(state?.rows[0]).toMatchObject({ verdict: 'discard', symbol: 'discard' });
  });

  it('keeps proposals apart, in the order in which they were made', () => {
    const state = told(proposed(ids.b, 'd', 'b'), proposed(ids.a, 'c', 'b'), discarded(ids.a));
    expect(state?.rows.map(({ proposal, discarded: isDiscarded }) => [proposal, isDiscarded])).toEqual([
      [ids.b, false],
      [ids.a, true],
    ]);
    expect(state?.places).toEqual({ [ids.b]: 0, [ids.a]: 1 });
  });

  it('takes a proposal once, and nothing about one that nobody made', () => {
    const state = told(
      proposed(ids.a, 'c', 'b'),
      proposed(ids.a, 'd', 'b'),
      checked(ids.b, 'static', 'pass', false),
    );
    expect(state?.rows).toEqual([{ ...change, ...nothing }]);
  });

  it('of a line that was not opened is empty', () => {
    foldSpecification(gateHistoryProjection)
      .given([line, proposed(ids.a, 'c', 'b')], [line, failed(ids.b)], [line, registered('9')])
      .thenState({ lines: {} });
  });
});
