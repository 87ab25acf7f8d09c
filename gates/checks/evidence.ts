import { z } from 'zod';
import { jsonObjectSchema } from '../../src/events/shapes.ts';
import type { ChainStep } from '../definition/chain.ts';
import { type CheckInput, checkInputSchema, type FinalInput, finalInputSchema } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import type { FinalResult } from './decide-final.ts';

/** What is kept of a check, as canonical JSON in a blob: what it decided from, and the numbers that came of it. */
export const evidenceSchema = z.strictObject({
  format: z.literal(1),
  check: z.string().min(1).max(100),
  kind: z.string().min(1).max(100),
  input: checkInputSchema,
  numbers: jsonObjectSchema,
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** The same of the sealed test. */
export const finalEvidenceSchema = z.strictObject({
  format: z.literal(1),
  check: z.literal('sealed'),
  kind: z.literal('final'),
  input: finalInputSchema,
  numbers: jsonObjectSchema,
});
export type FinalEvidence = z.infer<typeof finalEvidenceSchema>;

export function evidenceOf({ name, kind }: ChainStep, input: CheckInput, { numbers }: CheckResult): Evidence {
  return { format: 1, check: name, kind, input, numbers };
}

export function finalEvidenceOf(input: FinalInput, { numbers }: FinalResult): FinalEvidence {
  return { format: 1, check: 'sealed', kind: 'final', input, numbers };
}

/** Evidence as it was found: what a blob holds, parsed; or that there is none any more. */
export type EvidenceFound = { readonly value: unknown } | 'missing' | 'erased';
