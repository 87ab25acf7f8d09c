import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createGenerator, generatorParameters } from '../../src/generators/registry.ts';
import {
  parseRepairParameters,
  repairDefaults,
  repairParametersSchema,
} from '../../src/generators/repair/repair-parameters.ts';
import { repositoryRoot } from '../support/repository-root.ts';

const configOf = async (spec: string) => (await createGenerator(spec)).ref.config;

describe('the parameters of repair, as they are written', () => {
  it('are none by default, and are recorded where they differ from the defaults', async () => {
    expect(await configOf('repair')).toEqual({});
    expect(await configOf('repair:')).toEqual({});
    expect(await configOf('repair:{}')).toEqual({});
    expect(await configOf('repair:{"basesMax":0,"blindSpread":0.25}')).toEqual({ basesMax: 0 });
  });

  it('name one configuration however they are written', () => {
    fc.assert(
      fc.asyncProperty(fc.subarray(Object.entries(repairDefaults), { minLength: 1 }), async (entries) => {
        const changed = entries.map(([name, usual]) => [name, usual === 1 ? 0 : 1] as const);
        const [some, other] = [changed, changed.toReversed()].map((ordered) =>
          configOf(`repair: ${JSON.stringify({ ...Object.fromEntries(ordered) }, null, 2)}`),
        );
        expect(await some).toEqual(Object.fromEntries(changed));
        expect(await other).toEqual(await some);
      }),
      { numRuns: 30 },
    );
  });

  it('take every bound of their ranges, and nothing beyond', () => {
    for (const [name, property] of propertiesOf()) {
      for (const value of [property.minimum, property.maximum])
        expect(parseRepairParameters(JSON.stringify({ [name]: value }))).toEqual({
          ...{ ...repairDefaults, [name]: value },
        });
      for (const value of [Number(property.minimum) - 1, Number(property.maximum) + 1, 'much', null])
        expect(() => parseRepairParameters(JSON.stringify({ [name]: value }))).toThrow(name);
    }
  });

  it.each([
    ['x', 'Parameters of the generator "repair": "x" is no JSON object, for example {"basesMax":0}.'],
    ['{"basesMax":', '"{"basesMax":" is no JSON object'],
    ['[]', 'expected object, received array'],
    ['{"basesMax":1.5}', 'expected int, received number\n  → at basesMax'],
    ['{"basesMaxx":1}', 'Unrecognized key: "basesMaxx"'],
    ['{"__proto__":{"basesMax":0}}', 'Unrecognized key: "__proto__"'],
    ['{"gainBonus":1e999}', 'gainBonus'],
  ])('%s is refused', async (text, message) => {
    await expect(createGenerator(`repair:${text}`)).rejects.toMatchObject({
      code: 'GENERATOR_PARAMS',
      message: expect.stringContaining(message),
    });
  });

  it('belong to repair alone', () => {
    expect(generatorParameters('repair:{}')).toBe(repairParametersSchema);
    expect(generatorParameters('recorded:some.jsonl')).toBe(null);
    expect(() => generatorParameters('gpt')).toThrow('There is no generator "gpt".');
  });

  it('stand in the reference with their defaults and ranges, all of them and no others', () => {
    const text = readFileSync(join(repositoryRoot, 'docs/reference/repair-parameters.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` \| ([\d.]+) \| (\d+) to (\d+) \| [A-Z]/gm)].map((row) =>
      row.slice(1),
    );
    expect(rows).toEqual(
      propertiesOf().map(([name, { default: usual, minimum, maximum }]) => [
        ...[name, String(usual), String(minimum), String(maximum)],
      ]),
    );
  });

  it('each say what they do', () => {
    for (const [, { description }] of propertiesOf()) expect(description).toMatch(/^[A-Z].{20,}\.$/);
  });
});

function propertiesOf(): readonly (readonly [string, z.core.JSONSchema.Schema])[] {
  const { properties = {} } = z.toJSONSchema(repairParametersSchema, { io: 'input' });
  return Object.entries(properties) as [string, z.core.JSONSchema.Schema][];
}
