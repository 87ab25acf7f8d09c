import { z } from 'zod';
import { countSchema } from '../../src/events/shapes.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';

/** What the episodes of one item used, all repeats together. Wall time is recorded, so that deciding again measures nothing. */
export const itemUseSchema = z.strictObject({
  candidates: countSchema,
  executions: countSchema,
  tokens: countSchema,
  steps: countSchema,
  wallMs: z.number().nonnegative(),
});
export type ItemUse = z.infer<typeof itemUseSchema>;

/**
 * A score in [0, 1] (pass/fail: 0 or 1; repeats: their mean), or null where infrastructure failed: never a candidate's failure.
 */
const sideSchema = z.number().min(0).max(1).nullable();

/** One item on both sides; a list of these, in the fixed order of the items, is what a check decides from. */
export const itemOutcomeSchema = z.strictObject({
  item: z.string().min(1),
  /** Family of the item, where the gate names a tag for that; an item without one is a family of its own. */
  cluster: z.string().min(1).nullable(),
  /** Places, in the gate's list of guardrails, of those that the item belongs to. */
  slices: z.array(countSchema),
  challenger: sideSchema,
  champion: sideSchema,
  challengerUse: itemUseSchema.nullable(),
  championUse: itemUseSchema.nullable(),
});
export type ItemOutcome = z.infer<typeof itemOutcomeSchema>;

/** Names a list of outcomes for ever; null for none. */
export function outcomesDigest(outcomes: readonly ItemOutcome[] | null): Digest | null {
  return outcomes === null ? null : digestOf(outcomes);
}

/** Outcomes that could not be graded on one side or the other. */
export function ungradedOf(outcomes: readonly ItemOutcome[]): number {
  return outcomes.filter(({ challenger, champion }) => challenger === null || champion === null).length;
}
