import { z } from 'zod';
import type { JsonObject } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';

const number = (usual: number, high: number, description: string) =>
  z.number().min(0).max(high).default(usual).meta({ description });

/**
 * What the repair generator can be told to do otherwise. Weights are factors or addends of logarithms: an edit that one point
 * speaks for counts e = 2.7 times as much. What each of them does: docs/reference/repair-parameters.md.
 */
export const repairParametersSchema = z.strictObject({
  blindSpread: number(
    0.25,
    3,
    'Chance in the order where nothing is known of how candidates ran: 0 takes the most plausible edit first, 1 draws by plausibility.',
  ),
  informedSpread: number(0.25, 3, 'The same where it is known how candidates ran.'),
  priorWeight: number(
    1,
    3,
    'How much the plausibility of kinds of edits counts: 0 takes all kinds for equally plausible.',
  ),
  localizationWeight: number(
    4,
    12,
    'How much the suspiciousness of a place counts, from which tests came by (Ochiai).',
  ),
  unreachedPenalty: number(5, 20, 'What an edit loses in a place where no failing test came by.'),
  valueHintWeight: number(
    1,
    4,
    'How much it counts what expected and actual values say about the kind of edit.',
  ),
  crashHintWeight: number(
    1,
    4,
    'How much it counts what exceptions and executions without an end say about edit and place.',
  ),
  basesMax: z.int().min(0).max(8).default(2).meta({
    description:
      'Candidates better than the given program that are edited further: 0 returns to the given program every time.',
  }),
  secondOrderPenalty: number(
    2,
    12,
    'What an edit of a better candidate loses against one of the given program.',
  ),
  gainBonus: number(
    2,
    12,
    'What it gains for further public tests that the candidate passes, as a share of all.',
  ),
});
export type RepairParameters = z.infer<typeof repairParametersSchema>;

export const repairDefaults: RepairParameters = repairParametersSchema.parse({});

/**
 * Parameters from what stands behind `repair:`, a JSON object; nothing stands for the defaults.
 *
 * @throws PawlError `GENERATOR_PARAMS`
 */
export function parseRepairParameters(text: string): RepairParameters {
  if (text === '') return repairDefaults;
  const parsed = repairParametersSchema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

/** What differs from the defaults: two texts that mean the same are one configuration. */
export function repairConfig(parameters: RepairParameters): JsonObject {
  const changed = Object.entries(parameters).filter(
    ([name, value]) => value !== repairDefaults[name as keyof RepairParameters],
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, value === 0 ? 0 : value]));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`"${text.slice(0, 200)}" is no JSON object, for example {"basesMax":0}.`, cause);
  }
}

function invalid(problem: string, cause?: unknown): PawlError {
  const message = `Parameters of the generator "repair": ${problem}`;
  return new PawlError('GENERATOR_PARAMS', message, { context: { generator: 'repair' }, cause });
}
