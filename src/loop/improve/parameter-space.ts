import { z } from 'zod';
import type { RunSlot } from '../../events/slots.ts';
import { generatorParameters } from '../../generators/registry.ts';
import { invariant } from '../../kernel/pawl-error.ts';
import { strategies, strategyNamed } from '../../strategies/registry.ts';
import type { SlotContent } from './slot-content.ts';

/** Null stands for a parameter that is left out. */
export type ParameterValue = string | number | boolean | null;

/** What may be tried for one parameter; bounds belong to it. */
export type Parameter =
  | {
      readonly kind: 'integer' | 'number';
      readonly low: number;
      readonly high: number;
      /** On a logarithmic scale `low` is above 0. */
      readonly scale: 'linear' | 'log';
      readonly default: number;
    }
  | {
      readonly kind: 'choice';
      readonly choices: readonly ParameterValue[];
      readonly default: ParameterValue;
    };

/** What may be tried for a slot's content, by name of the parameter. */
export type ParameterSpace = Readonly<Record<string, Parameter>>;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** The slots whose content has parameters. */
export type TunedSlot = 'strategy' | 'generator';

/**
 * What a tuner may vary of a slot's content: the parameters of its strategy or generator, from their own schemas, and for a
 * strategy also which one (`strategy`). What is the same in every fair comparison (how many candidates) is not among them; a
 * value that a person chose may lie beside the choices. Empty for content that has no parameters.
 *
 * @throws PawlError `STRATEGY_NOT_FOUND`, `GENERATOR_NOT_FOUND`
 */
export function parameterSpaceOf<Slot extends RunSlot>(
  slot: Slot,
  content: SlotContent<Slot>,
): ParameterSpace {
  if (slot === 'strategy') {
    const { name } = content as SlotContent<'strategy'>;
    const choices = [...new Set(strategies.map((strategy) => strategy.name))];
    const own = spaceOfSchema(strategyNamed(name).params);
    return { strategy: { kind: 'choice', choices, default: name }, ...own };
  }
  if (slot !== 'generator') return {};
  const schema = generatorParameters((content as SlotContent<'generator'>).spec);
  return schema === null ? {} : spaceOfSchema(schema);
}

const numeric = z.object({
  type: z.enum(['integer', 'number']),
  minimum: z.number(),
  maximum: z.number(),
  default: z.number(),
  tune: z.enum(['linear', 'log']).default('linear'),
});
const chosen = z.object({ enum: z.array(z.string()), default: z.string() });
/** Left out unless given: `tune` lists what is worth trying. */
const optional = z.object({ leftOut: z.string(), tune: z.array(z.number()) });

/** A schema's parameters with bounds and defaults as they are checked; `tune` says what to try where that is not all. */
function spaceOfSchema(schema: z.ZodType): ParameterSpace {
  const known = spaces.get(schema);
  if (known !== undefined) return known;
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  const space: Record<string, Parameter> = {};
  for (const [name, property] of Object.entries(properties)) {
    const parameter = parameterOf(property);
    if (parameter !== null) space[name] = parameter;
  }
  spaces.set(schema, space);
  return space;
}

/** Schemas are constants, and a search asks for the same space some hundred times. */
const spaces = new WeakMap<z.ZodType, ParameterSpace>();

function parameterOf(property: unknown): Parameter | null {
  if (z.object({ tune: z.literal('fixed') }).safeParse(property).success) return null;
  const left = optional.safeParse(property);
  if (left.success) return { kind: 'choice', choices: [null, ...left.data.tune], default: null };
  const choice = chosen.safeParse(property);
  if (choice.success) return { kind: 'choice', choices: choice.data.enum, default: choice.data.default };
  const number = numeric.safeParse(property);
  invariant(number.success, `a parameter says within which bounds it is tuned: ${JSON.stringify(property)}`);
  const { type, minimum, maximum, tune, default: usual } = number.data;
  return { kind: type, low: minimum, high: maximum, scale: tune, default: usual };
}
