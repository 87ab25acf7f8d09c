import { z } from 'zod';
import { checkVerdictSchema } from '../../src/events/examination.ts';
import { rationalSchema } from '../../src/events/held-out.ts';
import { digestSchema, jsonObjectSchema } from '../../src/events/shapes.ts';
import { itemOutcomeSchema } from './item-outcome.ts';

const outcomesSchema = z.array(itemOutcomeSchema);

/** The change by itself, before anything is executed. */
const staticInputSchema = z.strictObject({
  kind: z.literal('static'),
  challenger: digestSchema,
  parent: digestSchema,
  /** Why its content cannot be used in the slot, one sentence each; empty when it can. */
  problems: z.array(z.string().min(1).max(500)).max(100),
  /** The proposal that examined the same configuration against the same certified one under this gate before, or null. */
  examinedBefore: z.string().min(1).nullable(),
});

/** What a check of one's own returned. */
export const ownReturnSchema = z.strictObject({
  verdict: checkVerdictSchema,
  sentence: z.string().min(1).max(2000),
  numbers: jsonObjectSchema,
});

const ownInputSchema = z.strictObject({ kind: z.literal('own'), returned: ownReturnSchema });

/** Challenger against working champion on the dev split. */
const devInputSchema = z.strictObject({ kind: z.literal('dev'), outcomes: outcomesSchema });

/** The same outcomes, for what they used. */
const resourceInputSchema = z.strictObject({
  kind: z.enum(['cost', 'latency']),
  outcomes: outcomesSchema,
  /** The resamples are drawn from this; the same text gives the same draws. */
  seed: z.string().min(1).max(500),
});

const triggerInputSchema = z.strictObject({
  kind: z.literal('trigger'),
  /** Configurations: the challenger's, and the certified one that it would be tested against. */
  configuration: digestSchema,
  certified: digestSchema,
  /** Challenger against the certified champion, on the dev split; empty when they are the same configuration. */
  outcomes: outcomesSchema,
  /** Of the next held-out test, by the alpha ledger. */
  level: rationalSchema,
  /** Held-out items; where the gate names families, held-out families. */
  heldOutUnits: z.int().positive(),
});

const heldOutInputSchema = z.strictObject({
  kind: z.literal('heldout'),
  /** Challenger against the certified champion, as far as items were read, in the fixed order. */
  outcomes: outcomesSchema,
  level: rationalSchema,
  /** Mean of D² on dev (`variancePriorOf`), for the deadline bet; null where unknown, and 0.15 is taken. */
  variancePrior: z.number().nonnegative().nullable(),
});

const slicesInputSchema = z.strictObject({
  kind: z.literal('slices'),
  /** Those of the held-out test. */
  outcomes: outcomesSchema,
  /** Product of the shares of the symbols disclosed in this epoch, 2^-L: a proof runs at its guardrail's level times this. */
  disclosedShare: rationalSchema,
});

export const checkInputSchema = z.discriminatedUnion('kind', [
  staticInputSchema,
  ownInputSchema,
  devInputSchema,
  resourceInputSchema,
  triggerInputSchema,
  heldOutInputSchema,
  slicesInputSchema,
]);
/** Everything that a check decides from. */
export type CheckInput = z.infer<typeof checkInputSchema>;
export type InputOf<Kind extends CheckInput['kind']> = Extract<CheckInput, { kind: Kind }>;

/** Baseline against the last certified champion on the sealed items. */
export const finalInputSchema = z.strictObject({
  kind: z.literal('final'),
  outcomes: outcomesSchema,
  variancePrior: z.number().nonnegative().nullable(),
});
export type FinalInput = z.infer<typeof finalInputSchema>;

/** The outcomes that a check decided from, null for one without items. */
export function outcomesOf(input: CheckInput | FinalInput) {
  return 'outcomes' in input ? input.outcomes : null;
}
