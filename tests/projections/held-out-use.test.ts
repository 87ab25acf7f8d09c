import { describe, expect, it } from 'vitest';
import { heldOutUseProjection, sealedRuns } from '../../projections/held-out-use.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { stream } from './run-events.ts';

const hash = (text: string): string => text.repeat(64);
const ref = (text: string) => ({ digest: hash(text), bytes: 2 });
const line = 'improvement-starter';

const opened = {
  type: 'HeldOutOpened',
  data: {
    ...{ epoch: 1, gate: hash('a'), split: 'heldout', items: ref('b'), count: 88 },
    ...{ alpha: '1/20', earlierReads: 0 },
  },
} as PawlEvent;

const read = (run: string, over: object = {}): PawlEvent =>
  ({
    type: 'HeldOutUsed',
    data: {
      ...{ epoch: 1, split: 'heldout', purpose: 'heldout', proposal: '01JD0000000000000000000001' },
      ...{ gate: hash('a'), side: 'challenger', configuration: hash('c'), slots: {}, run, from: 0, to: 88 },
      ...{ items: hash('d'), reader: 'gate', disclosed: 'nothing', reason: '' },
      ...over,
    },
  }) as PawlEvent;

const decided = {
  type: 'GateDecided',
  data: {
    ...{ proposal: '01JD0000000000000000000001', gate: hash('a'), challenger: hash('e') },
    ...{ configuration: hash('c'), verdict: 'discard', keep: true, symbol: 'discard', epoch: 1 },
    ...{ budgetBefore: '1/20', budgetAfter: '1/30', decidedBy: 'heldout', sentence: 'No.' },
  },
} as PawlEvent;

const exhausted = {
  type: 'HeldOutExhausted',
  data: { epoch: 1, reason: 'effect_undetectable', detectable: 0.16, note: '' },
} as PawlEvent;

describe('the meter of held-out items', () => {
  it('counts every read and keeps what is left of alpha', () => {
    const { lines } = foldSpecification(heldOutUseProjection)
      .given(
        [line, opened],
        [line, read('run-1')],
        [line, read('run-2', { side: 'champion', to: 44 })],
        [line, decided],
      )
      .state();
    expect(lines[stream(line)]?.epochs).toEqual([
      expect.objectContaining({
        epoch: 1,
        budget: '1/30',
        symbols: ['discard'],
        itemsRead: 132,
        exhausted: null,
      }),
    ]);
    expect(lines[stream(line)]?.epochs[0]?.reads.map(({ run, side, to }) => [run, side, to])).toEqual([
      ['run-1', 'challenger', 88],
      ['run-2', 'champion', 44],
    ]);
  });

  it('seals runs while their items decide about proposals, and no longer', () => {
    const open = foldSpecification(heldOutUseProjection).given([line, opened], [line, read('run-1')]);
    expect([...sealedRuns(open.state())]).toEqual([['run-1', line]]);
    const closed = foldSpecification(heldOutUseProjection).given(
      ...([
        [line, opened],
        [line, read('run-1')],
        [line, exhausted],
      ] as const),
    );
    expect([...sealedRuns(closed.state())]).toEqual([]);
  });

  it('seals the runs of a final test until it is finished', () => {
    const final = {
      type: 'FinalTestOpened',
      data: {
        ...{ gate: hash('a'), split: 'final', items: ref('f'), count: 30, alpha: '1/20' },
        ...{ baseline: hash('c'), champion: hash('d'), baselineSlots: {}, championSlots: {} },
      },
    } as PawlEvent;
    const finished = {
      type: 'FinalTestFinished',
      data: {
        ...{
          gate: hash('a'),
          baseline: hash('c'),
          champion: hash('d'),
          verdict: 'better',
          method: 'mcnemar-exact',
        },
        ...{ level: '1/20', items: 30, evidence: ref('9'), outcomes: hash('8'), sentence: 'Better.' },
      },
    } as PawlEvent;
    const history = [
      [line, opened],
      [line, final],
      [line, read('run-3', { purpose: 'final', proposal: null })],
    ] as const;
    expect([
      ...sealedRuns(
        foldSpecification(heldOutUseProjection)
          .given(...history)
          .state(),
      ),
    ]).toEqual([['run-3', line]]);
    const ended = foldSpecification(heldOutUseProjection).given(...history, [line, finished]);
    expect([...sealedRuns(ended.state())]).toEqual([]);
  });
});
