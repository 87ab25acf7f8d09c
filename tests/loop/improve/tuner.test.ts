import { describe, expect, it } from 'vitest';
import { createGenerator } from '../../../src/generators/registry.ts';
import { digestOf } from '../../../src/kernel/digest.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { parameterSpaceOf } from '../../../src/loop/improve/parameter-space.ts';
import { parameterValuesOf } from '../../../src/loop/improve/parameter-values.ts';
import type { PastProposal, ProposerView } from '../../../src/loop/improve/proposers/proposer.ts';
import { createTuner, tunedSlots } from '../../../src/loop/improve/proposers/tuner.ts';
import { drawValue, nearness } from '../../../src/loop/improve/proposers/tuner-draws.ts';
import { parseSlotContent } from '../../../src/loop/improve/slot-content.ts';
import { strategyNamed, strategyRef } from '../../../src/strategies/registry.ts';

const signal = new AbortController().signal;
const tuner = createTuner(tunedSlots);
const strategy = strategyRef(strategyNamed('best-of-n'), { candidates: 12 });
const repair = async (spec = 'repair') => ({ spec, ref: (await createGenerator(spec)).ref });

function view(
  slot: 'strategy' | 'generator',
  current: Json,
  past: readonly PastProposal[] = [],
): ProposerView {
  return {
    ...{ slot, current, parent: digestOf(current), targetFailure: 'wrong-answer', tasks: 20 },
    ...{ classes: [{ name: 'wrong-answer', count: 8 }], cases: [], past },
  };
}

function past(slot: 'strategy' | 'generator', content: Json, outcome: PastProposal['outcome']): PastProposal {
  return {
    ...{ slot, content, hypothesis: '', targetFailure: 'wrong-answer', predictedGain: 0.1, outcome },
    ...{ decidedBy: 'dev', devGain: null, symbol: null },
  };
}

describe('the tuner', () => {
  it('gives the same contract for the same view and seed, and another for another seed', async () => {
    const asked = view('generator', await repair());
    const first = await tuner.propose(asked, 'a', signal);
    expect(await tuner.propose(asked, 'a', signal)).toEqual(first);
    expect(await tuner.propose(asked, 'b', signal)).not.toEqual(first);
  });

  it('says what it changes, what it expects, and no more than its past allows', async () => {
    const contract = await tuner.propose(view('strategy', strategy), 'a', signal);
    expect(contract).toMatchInlineSnapshot(`
      {
        "content": {
          "name": "sequential-feedback",
          "params": {
            "candidates": 12,
            "memory": 3,
          },
          "version": 1,
        },
        "falsifiedBy": "The dev items: not more of them are solved than with what the slot holds now.",
        "hypothesis": "strategy: strategy best-of-n → sequential-feedback, memory none → 3. Expected to solve some of the 8 of 20 tasks that fail by wrong-answer.",
        "predictedGain": 0.05,
        "usage": {
          "inputTokens": 0,
          "outputTokens": 0,
        },
      }
    `);
    const helped = past('strategy', { name: 'x' }, 'promoted');
    const second = await tuner.propose(view('strategy', strategy, [helped]), 'a', signal);
    expect(contract.predictedGain).toBe(0.05);
    expect(second.predictedGain).toBe(0.0889);
  });

  it('never proposes what was proposed before, and every content can be used', async () => {
    for (const slot of tunedSlots) {
      const current: Json = slot === 'strategy' ? strategy : await repair();
      const seen = new Set([digestOf(current)]);
      const history: PastProposal[] = [];
      for (let turn = 0; turn < 40; turn += 1) {
        const asked = view(slot, current, history);
        const contract = await tuner.propose(asked, `seed ${turn}`, signal).catch(() => null);
        // A strategy has few parameters, and they have few values.
        if (contract === null) break;
        const { content } = contract;
        expect(seen.has(digestOf(content)), `${slot} ${turn}`).toBe(false);
        seen.add(digestOf(content));
        parseSlotContent(slot, content);
        history.push(past(slot, content, 'discarded'));
      }
      expect(history.length, slot).toBeGreaterThan(30);
    }
  });

  it('says when nothing is left', async () => {
    const recorded: Json = {
      spec: 'recorded:x.jsonl',
      ref: { name: 'recorded', version: 1, config: {} },
    };
    await expect(tuner.propose(view('generator', recorded), 'a', signal)).rejects.toMatchObject({
      code: 'GENERATOR_EXHAUSTED',
    });
  });

  it('moves towards what was kept and away from what was discarded', async () => {
    const current = await repair();
    const at = (basesMax: number) => repair(`repair:{"basesMax":${basesMax}}`);
    const mean = async (history: readonly PastProposal[]) => {
      let sum = 0;
      for (let seed = 0; seed < 30; seed += 1) {
        const { content } = await tuner.propose(view('generator', current, history), `s${seed}`, signal);
        const values = parameterValuesOf('generator', parseSlotContent('generator', content));
        sum += Number(values['basesMax']);
      }
      return sum / 30;
    };
    const many = past('generator', await at(8), 'promoted');
    const none = past('generator', await at(0), 'discarded');
    const towards = await mean([many, many, many, none]);
    const away = await mean([
      { ...many, outcome: 'discarded' },
      { ...none, outcome: 'promoted' },
    ]);
    expect(towards).toBeGreaterThan(away);
  });

  it('proposes other strategies too, with the budget unchanged', async () => {
    const names = new Set<string>();
    for (let seed = 0; seed < 30; seed += 1) {
      const { content } = await tuner.propose(view('strategy', strategy), `s${seed}`, signal);
      const made = parseSlotContent('strategy', content);
      names.add(made.name);
      expect(made.params['candidates']).toBe(12);
    }
    expect(names.size).toBeGreaterThan(1);
  });
});

describe('draws', () => {
  it('stay within the bounds, and move', async () => {
    const random = seededRandom('draws');
    const space = parameterSpaceOf('generator', parseSlotContent('generator', await repair()));
    for (const [name, parameter] of Object.entries(space)) {
      for (let turn = 0; turn < 200; turn += 1) {
        const drawn = drawValue(parameter, parameter.default, random, turn % 2);
        if (parameter.kind === 'choice') expect(parameter.choices, name).toContain(drawn);
        else {
          expect(drawn, name).toBeGreaterThanOrEqual(parameter.low);
          expect(drawn, name).toBeLessThanOrEqual(parameter.high);
          if (parameter.kind === 'integer') expect(drawn, name).not.toBe(parameter.default);
        }
      }
    }
  });

  it('step less far the less is explored', () => {
    const parameter = { kind: 'number', low: 0, high: 1, scale: 'linear', default: 0.5 } as const;
    const reach = (exploration: number) => {
      const random = seededRandom('reach');
      const draws = Array.from({ length: 300 }, () => Number(drawValue(parameter, 0.5, random, exploration)));
      return draws.reduce((sum, draw) => sum + Math.abs(draw - 0.5), 0) / draws.length;
    };
    expect(reach(1 / 8)).toBeLessThan(reach(1 / 2));
    expect(reach(1 / 2)).toBeLessThan(reach(1));
  });

  it('measure nearness: 1 for the same, half for another choice', () => {
    expect(nearness({ a: 1, b: 'x' }, { a: 1, b: 'x' })).toBe(1);
    expect(nearness({ a: 1, b: 'x' }, { a: 1, b: 'y' })).toBe(0.5);
    expect(nearness({ a: 10 }, { a: 9 })).toBeCloseTo(1 / 1.1, 12);
    expect(nearness({ a: 1 }, {})).toBe(0.5);
  });
});
