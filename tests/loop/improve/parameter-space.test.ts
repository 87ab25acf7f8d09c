import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ParameterSpace,
  type ParameterValues,
  parameterSpaceOf,
} from '../../../src/loop/improve/parameter-space.ts';
import { parameterValuesOf, withParameterValues } from '../../../src/loop/improve/parameter-values.ts';
import { parseSlotContent, type SlotContent } from '../../../src/loop/improve/slot-content.ts';
import { strategies, strategyNamed, strategyRef } from '../../../src/strategies/registry.ts';

const chain = strategyRef(strategyNamed('sequential-feedback'), { candidates: 7 });
const repair: SlotContent<'generator'> = { spec: 'repair', ref: { name: 'repair', version: 1, config: {} } };
const recorded: SlotContent<'generator'> = {
  spec: 'recorded:some.jsonl',
  ref: { name: 'recorded', version: 1, config: { files: ['a'] } },
};

describe('what may be varied', () => {
  it('of a strategy: which one, and what it proposes, but not how much it may spend', () => {
    const choices = ['best-of-n', 'sequential-feedback', 'unary-retry'];
    expect(parameterSpaceOf('strategy', chain)).toEqual({
      strategy: { kind: 'choice', choices, default: 'sequential-feedback' },
      restartAfter: { kind: 'choice', choices: [null, 2, 3, 4, 6, 8], default: null },
      memory: { kind: 'choice', choices: [null, 1, 2, 3, 5, 8], default: null },
    });
    expect(parameterSpaceOf('strategy', strategyRef(strategyNamed('best-of-n'), {}))).toEqual({
      strategy: { kind: 'choice', choices, default: 'best-of-n' },
    });
  });

  it('of the repair generator: all its parameters, within the bounds that are checked', () => {
    const space = parameterSpaceOf('generator', repair);
    const number = { kind: 'number', low: 0, scale: 'linear' };
    expect(space).toEqual({
      blindSpread: { ...number, high: 3, default: 0.25 },
      informedSpread: { ...number, high: 3, default: 0.25 },
      priorWeight: { ...number, high: 3, default: 1 },
      localizationWeight: { ...number, high: 12, default: 4 },
      unreachedPenalty: { ...number, high: 20, default: 5 },
      valueHintWeight: { ...number, high: 4, default: 1 },
      crashHintWeight: { ...number, high: 4, default: 1 },
      basesMax: { ...number, kind: 'integer', high: 8, default: 2 },
      secondOrderPenalty: { ...number, high: 12, default: 2 },
      gainBonus: { ...number, high: 12, default: 2 },
    });
  });

  it('of anything else: nothing', () => {
    expect(parameterSpaceOf('generator', recorded)).toEqual({});
    expect(parameterSpaceOf('prompt', { template: 'Mend it.' })).toEqual({});
    expect(parameterSpaceOf('scorer', { name: 'tests', version: 1 })).toEqual({});
  });

  it('is named by the strategy or generator that is not there', () => {
    expect(() => parameterSpaceOf('strategy', { ...chain, name: 'gone' })).toThrow(
      expect.objectContaining({ code: 'STRATEGY_NOT_FOUND' }) as Error,
    );
    expect(() => parameterSpaceOf('generator', { ...repair, spec: 'gone' })).toThrow(
      expect.objectContaining({ code: 'GENERATOR_NOT_FOUND' }) as Error,
    );
  });
});

describe('where a content stands', () => {
  it('is a value for every parameter: what is recorded, and the default of the rest', () => {
    const { name, version } = chain;
    expect(parameterValuesOf('strategy', { name, version, params: { candidates: 7, memory: 4 } })).toEqual({
      ...{ strategy: 'sequential-feedback', restartAfter: null, memory: 4 },
    });
    const config = { basesMax: 0, gainBonus: 3.5 };
    const content = { spec: 'repair:{}', ref: { ...repair.ref, config } };
    expect(parameterValuesOf('generator', content)).toEqual({
      ...{ blindSpread: 0.25, informedSpread: 0.25, priorWeight: 1, localizationWeight: 4 },
      ...{ unreachedPenalty: 5, valueHintWeight: 1, crashHintWeight: 1, secondOrderPenalty: 2 },
      ...config,
    });
    expect(parameterValuesOf('generator', recorded)).toEqual({});
  });
});

describe('a content with other values', () => {
  it('keeps what is not named, and leaves out what is null', async () => {
    const restarting = await withParameterValues('strategy', chain, { restartAfter: 3 });
    expect(restarting).toEqual({ ...chain, params: { candidates: 7, restartAfter: 3 } });
    expect(await withParameterValues('strategy', restarting, { restartAfter: null })).toEqual(chain);
    expect(await withParameterValues('generator', repair, { basesMax: 0, blindSpread: 0.25 })).toEqual({
      spec: 'repair:{"basesMax":0}',
      ref: { name: 'repair', version: 1, config: { basesMax: 0 } },
    });
  });

  it('of another strategy keeps what both have, above all how much may be spent', async () => {
    const restarting = { ...chain, params: { candidates: 7, restartAfter: 3 } };
    expect(await withParameterValues('strategy', restarting, { strategy: 'unary-retry', memory: 2 })).toEqual(
      {
        ...{ name: 'unary-retry', version: 1, params: { candidates: 7, restartAfter: 3, memory: 2 } },
      },
    );
    expect(await withParameterValues('strategy', restarting, { strategy: 'best-of-n' })).toEqual({
      ...{ name: 'best-of-n', version: 1, params: { candidates: 7, stop: 'public_pass', width: 1 } },
    });
  });

  it.each([
    ['strategy', chain, { strategy: 'gone' }, 'STRATEGY_NOT_FOUND'],
    ['strategy', chain, { memory: 0 }, 'STRATEGY_PARAMS'],
    ['strategy', chain, { candidates: 100 }, 'PROPOSAL_INVALID'],
    ['strategy', chain, { strategy: 'best-of-n', memory: 2 }, 'PROPOSAL_INVALID'],
    ['generator', repair, { basesMax: 9 }, 'GENERATOR_PARAMS'],
    ['generator', repair, { constructor: 1 }, 'PROPOSAL_INVALID'],
    ['generator', recorded, { basesMax: 1 }, 'PROPOSAL_INVALID'],
  ] as const)('%s %j with %j is refused: %s', async (slot, content, values, code) => {
    await expect(withParameterValues(slot, content as never, values)).rejects.toMatchObject({ code });
  });

  it('stands where it was put, wherever in its space, and can be put into the slot', async () => {
    for (const { name } of strategies) {
      const content = strategyRef(strategyNamed(name), {});
      await everywhere('strategy', content, parameterSpaceOf('strategy', content));
    }
    await everywhere('generator', repair, parameterSpaceOf('generator', repair));
  });
});

async function everywhere<Slot extends 'strategy' | 'generator'>(
  slot: Slot,
  content: SlotContent<Slot>,
  { strategy: _, ...space }: ParameterSpace,
): Promise<void> {
  const values = fc.record(
    Object.fromEntries(
      Object.entries(space).map(([name, parameter]) => {
        if (parameter.kind === 'choice') return [name, fc.constantFrom(...parameter.choices)];
        const { low: min, high: max } = parameter;
        return [
          name,
          parameter.kind === 'integer'
            ? fc.integer({ min, max })
            : fc.double({ min, max, noNaN: true }).map((value) => value + 0),
        ];
      }),
    ),
  ) as fc.Arbitrary<ParameterValues>;
  await fc.assert(
    fc.asyncProperty(values, async (chosen) => {
      const moved = await withParameterValues(slot, content, chosen);
      expect(parseSlotContent(slot, moved)).toEqual(moved);
      expect(parameterValuesOf(slot, moved)).toMatchObject(chosen);
      const back = await withParameterValues(slot, moved, parameterValuesOf(slot, content));
      expect(back).toEqual(content);
    }),
    { numRuns: 50 },
  );
}
