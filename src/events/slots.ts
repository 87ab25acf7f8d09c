import { z } from 'zod';
import { digestSchema } from './shapes.ts';

export const slotKinds = ['strategy', 'generator', 'prompt', 'scorer', 'gate'] as const;
export type SlotKind = (typeof slotKinds)[number];

/** What a slot holds is named by the hash of its content alone; a slot's name is its kind. */
export const slotSchema = z.enum(slotKinds);

/**
 * A configuration: what each slot holds, by content hash. The gate's slot is not part of one, because a gate judges
 * configurations and does not belong to them.
 */
export const slotContentsSchema = z.partialRecord(
  z.enum(['strategy', 'generator', 'prompt', 'scorer']),
  digestSchema,
);
export type SlotContents = z.infer<typeof slotContentsSchema>;
/** Slots whose content makes a difference to a run. */
export type RunSlot = keyof SlotContents;
