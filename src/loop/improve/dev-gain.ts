import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';

const sideSchema = z.number().nullable();
const outcomesSchema = z.array(z.object({ challenger: sideSchema, champion: sideSchema }));
const evidenceSchema = z.object({ input: z.object({ kind: z.literal('dev'), outcomes: outcomesSchema }) });

/**
 * Mean difference of the challenger to the working champion on the dev items that both were graded on, in score units per item,
 * from the evidence of the dev screen; null where there is none.
 */
export function devGainOf(evidence: Json): number | null {
  const parsed = evidenceSchema.safeParse(evidence);
  if (!parsed.success) return null;
  const differences = parsed.data.input.outcomes.flatMap(({ challenger, champion }) =>
    challenger === null || champion === null ? [] : [challenger - champion],
  );
  if (differences.length === 0) return null;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  return Math.round(mean * 10_000) / 10_000;
}
