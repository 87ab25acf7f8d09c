import { createGenerator } from '../../generators/registry.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { strategyNamed, strategyRef } from '../../strategies/registry.ts';
import {
  type ParameterSpace,
  type ParameterValue,
  type ParameterValues,
  parameterSpaceOf,
  type TunedSlot,
} from './parameter-space.ts';
import type { SlotContent } from './slot-content.ts';

/** Where a slot's content stands in its own space: a value for every parameter. */
export function parameterValuesOf<Slot extends TunedSlot>(
  slot: Slot,
  content: SlotContent<Slot>,
): ParameterValues {
  const space = parameterSpaceOf(slot, content);
  const given = givenOf(slot, content);
  return Object.fromEntries(
    Object.entries(space).map(([name, { default: usual }]) => [name, given[name] ?? usual]),
  );
}

/**
 * The content with other values; what is not named stays. With another strategy, its parameters are those that both have in
 * common. Values are checked as on the command line.
 *
 * @throws PawlError `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `GENERATOR_PARAMS`; `PROPOSAL_INVALID` for a name that is not
 * in the space
 */
export async function withParameterValues<Slot extends TunedSlot>(
  slot: Slot,
  content: SlotContent<Slot>,
  values: ParameterValues,
): Promise<SlotContent<Slot>> {
  const made =
    slot === 'strategy'
      ? otherStrategy(content as SlotContent<'strategy'>, values)
      : await otherGenerator(content as SlotContent<'generator'>, values);
  return made as SlotContent<Slot>;
}

function otherStrategy(content: SlotContent<'strategy'>, values: ParameterValues): SlotContent<'strategy'> {
  const { strategy: name = content.name, ...changed } = values;
  const strategy = strategyNamed(String(name));
  const space = parameterSpaceOf('strategy', { ...content, name: strategy.name });
  refuseUnknown(space, changed);
  const isKept = (parameter: string): boolean =>
    strategy.name === content.name || parameter in space || parameter === 'candidates';
  const kept = Object.entries(content.params).filter(([parameter]) => isKept(parameter));
  const params = withoutNull({ ...Object.fromEntries(kept), ...changed });
  return strategyRef(strategy, params);
}

async function otherGenerator(
  { spec, ref }: SlotContent<'generator'>,
  values: ParameterValues,
): Promise<SlotContent<'generator'>> {
  refuseUnknown(parameterSpaceOf('generator', { spec, ref }), values);
  const config = withoutNull({ ...ref.config, ...values });
  const name = spec.split(':', 1)[0] ?? spec;
  const generator = await createGenerator(`${name}:${canonicalJson(config)}`);
  await generator.close();
  const changed = generator.ref.config;
  // As it is recorded: without what is the default, in one order.
  const shortest = Object.keys(changed).length === 0 ? name : `${name}:${canonicalJson(changed)}`;
  return { spec: shortest, ref: generator.ref };
}

function givenOf<Slot extends TunedSlot>(
  slot: Slot,
  content: SlotContent<Slot>,
): Readonly<Record<string, ParameterValue>> {
  if (slot === 'generator') return scalars((content as SlotContent<'generator'>).ref.config);
  const { name, params } = content as SlotContent<'strategy'>;
  return { ...scalars(params), strategy: name };
}

function scalars(object: JsonObject): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, ParameterValue] => typeof entry[1] !== 'object'),
  );
}

function withoutNull(values: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function refuseUnknown(space: ParameterSpace, values: ParameterValues): void {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(space, name));
  if (unknown === undefined) return;
  const known = Object.keys(space).join(', ') || 'none';
  throw new PawlError('PROPOSAL_INVALID', `"${unknown}" is no parameter to tune here. There are: ${known}.`, {
    context: { parameter: unknown },
  });
}
