import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { blobRefSchema, countSchema, digestSchema, streamNameSchema } from './shapes.ts';
import { slotContentsSchema } from './slots.ts';

/** An exact fraction, `1/20`: levels and budgets are decided with these and never with floating point. */
export const rationalSchema = z
  .string()
  .regex(/^\d+(\/[1-9]\d*)?$/, 'a fraction such as 1/20')
  .max(4000);

export const proposalIdSchema = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID');

/** From here on these items are held out: each read is an event, and an epoch's alpha is spent on them. */
export const HeldOutOpened = defineEvent(
  'HeldOutOpened',
  1,
  z.strictObject({
    /** 1, 2, 3 … */
    epoch: z.int().positive(),
    gate: digestSchema,
    split: z.string().min(1),
    /** Canonical JSON list of task ids, in the order in which they are read, fixed before the first test. */
    items: blobRefSchema,
    count: z.int().positive(),
    /** Probability of any false promotion in this epoch. */
    alpha: rationalSchema,
    /** Runs of this ledger that had read some of these items before: what they told cannot be taken back. */
    earlierReads: countSchema,
  }),
);

/** Before it happens: who reads which held-out items through which run, for which proposal. */
export const HeldOutUsed = defineEvent(
  'HeldOutUsed',
  1,
  z.strictObject({
    epoch: z.int().positive(),
    split: z.string().min(1),
    /** `final` where the sealed split is read. */
    purpose: z.enum(['heldout', 'final']),
    proposal: proposalIdSchema.nullable(),
    gate: digestSchema,
    /** Which side is executed, and what it consists of. */
    side: z.enum(['challenger', 'champion']),
    configuration: digestSchema,
    slots: slotContentsSchema,
    run: streamNameSchema,
    /** The items [from, to) of the fixed order, and the digest of their ids. */
    from: countSchema,
    to: z.int().positive(),
    items: digestSchema,
    /** Who gets to see anything of it: the gate alone. A disclosure to anybody else retires the epoch. */
    reader: z.enum(['gate', 'person']),
    disclosed: z.enum(['nothing', 'everything']),
    reason: z.string().max(1000),
  }),
);

export const HeldOutExhausted = defineEvent(
  'HeldOutExhausted',
  1,
  z.strictObject({
    epoch: z.int().positive(),
    reason: z.enum(['budget_spent', 'effect_undetectable', 'disclosed', 'published', 'replaced']),
    /** The smallest effect that the next test would have found with 80 % power, in score units; null where unknown. */
    detectable: z.number().nullable(),
    note: z.string().max(1000),
  }),
);

/** The sealed split is opened: once, for the first and the last champion. */
export const FinalTestOpened = defineEvent(
  'FinalTestOpened',
  1,
  z.strictObject({
    gate: digestSchema,
    split: z.string().min(1),
    items: blobRefSchema,
    count: z.int().positive(),
    alpha: rationalSchema,
    baseline: digestSchema,
    champion: digestSchema,
    baselineSlots: slotContentsSchema,
    championSlots: slotContentsSchema,
  }),
);

export const FinalTestFinished = defineEvent(
  'FinalTestFinished',
  1,
  z.strictObject({
    gate: digestSchema,
    baseline: digestSchema,
    champion: digestSchema,
    verdict: z.enum(['better', 'not_shown', 'inconclusive']),
    method: z.string().min(1).max(100),
    level: rationalSchema,
    items: countSchema,
    /** Canonical JSON: the numbers, the interval and every item's outcome. */
    evidence: blobRefSchema,
    outcomes: digestSchema,
    sentence: z.string().min(1).max(2000),
  }),
);

export const heldOutEvents = [
  HeldOutOpened,
  HeldOutUsed,
  HeldOutExhausted,
  FinalTestOpened,
  FinalTestFinished,
] as const;
export type HeldOutEvent = EventOf<(typeof heldOutEvents)[number]>;
