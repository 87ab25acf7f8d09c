import { z } from 'zod';
import { jsonObjectSchema } from '../../src/events/shapes.ts';
import type { ChainStep } from '../definition/chain.ts';
import { type CheckInput, checkInputSchema } from './check-input.ts';
import type { CheckResult } from './check-result.ts';

/** What is kept of a check, as canonical JSON in a blob: what it decided from, and the numbers that came of it. */
export const evidenceSchema = z.strictObject({
  format: z.literal(1),
  check: z.string().min(1).max(100),
  kind: z.string().min(1).max(100),
  input: checkInputSchema,
  numbers: jsonObjectSchema,
});
export type Evidence = z.infer<typeof evidenceSchema>;

export function evidenceOf({ name, kind }: ChainStep, input: CheckInput, { numbers }: CheckResult): Evidence {
  return { format: 1, check: name, kind, input, numbers };
}
