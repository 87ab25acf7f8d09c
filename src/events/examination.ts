import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { proposalIdSchema, rationalSchema } from './held-out.ts';
import { partySchema, sentenceSchema } from './party.ts';
import { blobRefSchema, countSchema, digestSchema } from './shapes.ts';
import { slotContentsSchema, slotSchema } from './slots.ts';

/** The examination begins: of this challenger, in this configuration, against these, by this gate. */
export const GateOpened = defineEvent(
  'GateOpened',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    gate: digestSchema,
    slot: slotSchema,
    challenger: digestSchema,
    parent: digestSchema,
    /** The working configuration with the challenger in its slot. */
    configuration: digestSchema,
    slots: slotContentsSchema,
    working: digestSchema,
    certified: digestSchema,
  }),
);

export const checkVerdictSchema = z.enum(['pass', 'block', 'skip', 'inconclusive']);
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;

/** One check of the chain, with all that it takes to decide it again. */
export const CheckFinished = defineEvent(
  'CheckFinished',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    gate: digestSchema,
    /** Its name in the definition, and the kind of check it is. */
    check: z.string().min(1).max(100),
    kind: z.string().min(1).max(100),
    verdict: checkVerdictSchema,
    method: z.string().max(100).nullable(),
    level: rationalSchema.nullable(),
    /** What was compared with the level: an exact p-value, or a capital. */
    statistic: z.string().max(16_000).nullable(),
    items: countSchema,
    /** Canonical JSON of its evidence: numbers, and every item's outcome on both sides. */
    evidence: blobRefSchema,
    /** SHA-256 of the canonical JSON list of item outcomes; null for a check without items. */
    outcomes: digestSchema.nullable(),
    budgetBefore: rationalSchema.nullable(),
    budgetAfter: rationalSchema.nullable(),
    /** True where the evidence is of held-out items: no proposer may read it. */
    sealed: z.boolean(),
    sentence: sentenceSchema,
  }),
);

/** What a proposer may ever learn of held-out items. */
export const disclosedSymbolSchema = z.enum(['promote', 'discard']);

export const GateDecided = defineEvent(
  'GateDecided',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    gate: digestSchema,
    challenger: digestSchema,
    configuration: digestSchema,
    verdict: z.enum(['promote', 'discard', 'inconclusive']),
    /** Whether the working champion becomes this configuration, whatever the verdict on the certified one. */
    keep: z.boolean(),
    /** Disclosed to proposers; null where no held-out item was read. */
    symbol: disclosedSymbolSchema.nullable(),
    /** The epoch that was spent from; null where none was. */
    epoch: z.int().positive().nullable(),
    budgetBefore: rationalSchema.nullable(),
    budgetAfter: rationalSchema.nullable(),
    /** The check that settled it. */
    decidedBy: z.string().min(1).max(100),
    sentence: sentenceSchema,
  }),
);

export const ApprovalGiven = defineEvent(
  'ApprovalGiven',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    by: partySchema,
    /** What was approved: nothing else can be promoted on it. */
    challenger: digestSchema,
    comment: z.string().max(2000),
  }),
);

export const ApprovalRefused = defineEvent(
  'ApprovalRefused',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    by: partySchema,
    challenger: digestSchema,
    reason: sentenceSchema,
  }),
);

/** A slot changes hands. `working` is where the next proposals begin; `certified` is what may be deployed. */
export const ChallengerPromoted = defineEvent(
  'ChallengerPromoted',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    track: z.enum(['working', 'certified']),
    challenger: digestSchema,
    /** The configuration that was evaluated, and the one it takes the place of. */
    configuration: digestSchema,
    replaces: digestSchema,
    slots: slotContentsSchema,
    sentence: sentenceSchema,
  }),
);

export const ChallengerDiscarded = defineEvent(
  'ChallengerDiscarded',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    challenger: digestSchema,
    sentence: sentenceSchema,
  }),
);

/** A slot goes back to what it held before. Nothing else changes, and nothing is forgotten. */
export const ChampionRolledBack = defineEvent(
  'ChampionRolledBack',
  1,
  z.strictObject({
    slot: slotSchema,
    from: digestSchema,
    to: digestSchema,
    reason: sentenceSchema,
    by: partySchema,
  }),
);

export const examinationEvents = [
  GateOpened,
  CheckFinished,
  GateDecided,
  ApprovalGiven,
  ApprovalRefused,
  ChallengerPromoted,
  ChallengerDiscarded,
  ChampionRolledBack,
] as const;
export type ExaminationEvent = EventOf<(typeof examinationEvents)[number]>;
