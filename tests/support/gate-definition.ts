import {
  type GateDefinition,
  type GateDefinitionInput,
  parseGateDefinition,
} from '../../gates/definition/gate-definition.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf, sha256Hex } from '../../src/kernel/digest.ts';

/** A digest that a name stands for, in tests. */
export function named(name: string): Digest {
  return sha256Hex(name);
}

export function itemIds(split: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${split}-${String(index).padStart(4, '0')}`);
}

export type Counts = Partial<Record<'optimize' | 'dev' | 'heldout' | 'sealed', number>>;

const defaultCounts = { optimize: 10, dev: 10, heldout: 10, sealed: 10 };

/** A usable definition: ten items per split unless said otherwise, everything else at its default. */
export function gateDefinition(
  over: Partial<GateDefinitionInput> & { readonly tag?: string } = {},
  counts: Counts = {},
): GateDefinition {
  const { tag = '', ...fields } = over;
  const split = (name: keyof typeof defaultCounts) => {
    const count = counts[name] ?? defaultCounts[name];
    return { split: name, items: digestOf(itemIds(`${name}${tag}`, count)), count };
  };
  return parseGateDefinition({
    name: 'certified',
    evaluation: {
      suite: named('suite'),
      scorer: { name: 'tests', version: 1 },
      seed: '7',
      budget: { candidates: 3, executions: null, tokens: null, stepsPerExecution: null },
      ...{
        optimize: split('optimize'),
        dev: split('dev'),
        heldout: split('heldout'),
        sealed: split('sealed'),
      },
    },
    ...fields,
  });
}
