import { z } from 'zod';
import { generatorRefSchema, strategyRefSchema } from '../../events/run.ts';
import type { RunSlot } from '../../events/slots.ts';
import type { Digest } from '../../kernel/brand.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Json } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { newBlob } from '../../ledger/ledger.ts';

/**
 * What each slot holds. A blob of canonical JSON; its SHA-256 is the only name it has, so that two things of one name can never
 * stand in for each other.
 */
export const slotContentSchemas = {
  strategy: strategyRefSchema,
  /** `spec` as on the command line, and what it was when it was proposed (version, files, model). */
  generator: z.strictObject({ spec: z.string().min(1).max(16_000), ref: generatorRefSchema }),
  prompt: z.strictObject({ template: z.string().min(1).max(100_000) }),
  scorer: z.strictObject({ name: z.string().min(1), version: z.int().positive() }),
} as const satisfies Record<RunSlot, z.ZodType>;

export type SlotContent<Slot extends RunSlot> = z.infer<(typeof slotContentSchemas)[Slot]>;

/** @throws PawlError `PROPOSAL_INVALID` */
export function parseSlotContent<Slot extends RunSlot>(slot: Slot, content: unknown): SlotContent<Slot> {
  const parsed = slotContentSchemas[slot].safeParse(content);
  if (parsed.success) return parsed.data as SlotContent<Slot>;
  throw new PawlError(
    'PROPOSAL_INVALID',
    `This cannot be put into the slot ${slot}:\n${z.prettifyError(parsed.error)}`,
    {
      context: { slot },
    },
  );
}

/** The blob of a content, whose digest names it. */
export function contentBlob(content: Json): ReturnType<typeof newBlob> & { readonly hash: Digest } {
  const made = newBlob(canonicalJson(content));
  return { ...made, hash: made.ref.digest };
}
