import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { proposalIdSchema, rationalSchema } from './held-out.ts';
import {
  blobRefSchema,
  budgetSchema,
  countSchema,
  digestSchema,
  jsonObjectSchema,
  recordedErrorSchema,
  streamNameSchema,
} from './shapes.ts';
import { slotContentsSchema, slotSchema } from './slots.ts';

const sentenceSchema = z.string().min(1).max(2000);
/** `person:NAME`, `key:NAME`, `ci:NAME`, `model:NAME`, `tuner` …: who did it, the same way everywhere. */
export const partySchema = z
  .string()
  .regex(/^[a-z]+(:[^\s:][^\n]{0,199})?$/, 'KIND or KIND:NAME, as person:ada');

/** One line of improvement: its suite, and everything that was ever proposed, judged and promoted for it. */
export const ImprovementOpened = defineEvent(
  'ImprovementOpened',
  1,
  z.strictObject({
    name: z.string().min(1).max(100),
    suite: digestSchema,
    suiteName: z.string().min(1),
    /** How the suite was asked for, so that it can be loaded again; checked against `suite`. */
    suiteSpec: z.string().min(1).max(2000),
    author: partySchema,
  }),
);

/** A gate takes effect: from here on, and for nothing that was evaluated before. */
export const GateRegistered = defineEvent(
  'GateRegistered',
  1,
  z.strictObject({
    gate: digestSchema,
    /** The whole definition; `gate` is the SHA-256 of its canonical JSON. */
    definition: jsonObjectSchema,
    replaces: digestSchema.nullable(),
    /** The proposal that changed it; null for the first. */
    proposal: proposalIdSchema.nullable(),
    author: partySchema,
  }),
);

/** The first content of a slot, or of one that was empty: a baseline that nobody claims to be an improvement. */
export const ChampionInstalled = defineEvent(
  'ChampionInstalled',
  1,
  z.strictObject({
    slot: slotSchema,
    champion: digestSchema,
    content: blobRefSchema,
    reason: sentenceSchema,
    author: partySchema,
  }),
);

/** One sitting of the loop: how many proposals it may judge, and who makes them. */
export const ImprovementStarted = defineEvent(
  'ImprovementStarted',
  1,
  z.strictObject({
    proposals: z.int().positive(),
    seed: z.string(),
    proposers: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          version: z.int().positive(),
          slots: z.array(slotSchema).min(1),
          config: jsonObjectSchema,
        }),
      )
      .min(1)
      .max(16),
    taxonomy: z.strictObject({ name: z.string().min(1), version: z.int().positive() }),
    /** What an episode of an evaluation may use; part of what is compared, so it is the gate's too. */
    budget: budgetSchema,
  }),
);

export const ImprovementPaused = defineEvent(
  'ImprovementPaused',
  1,
  z.strictObject({ reason: z.enum(['interrupted', 'failure', 'approval']), note: z.string().max(2000) }),
);

export const ImprovementFinished = defineEvent(
  'ImprovementFinished',
  1,
  z.strictObject({
    reason: z.enum(['proposals', 'nothing_to_propose', 'held_out_exhausted']),
    proposals: countSchema,
    promoted: countSchema,
    kept: countSchema,
    discarded: countSchema,
    failed: countSchema,
  }),
);

/** Before it happens: a configuration is run on a split that proposers may see. */
export const EvaluationRequested = defineEvent(
  'EvaluationRequested',
  1,
  z.strictObject({
    purpose: z.enum(['optimize', 'dev']),
    split: z.string().min(1),
    proposal: proposalIdSchema.nullable(),
    gate: digestSchema,
    configuration: digestSchema,
    slots: slotContentsSchema,
    run: streamNameSchema,
    items: digestSchema,
    count: z.int().positive(),
  }),
);

export const FailuresClassified = defineEvent(
  'FailuresClassified',
  1,
  z.strictObject({
    configuration: digestSchema,
    run: streamNameSchema,
    taxonomy: z.strictObject({ name: z.string().min(1), version: z.int().positive() }),
    tasks: countSchema,
    failed: countSchema,
    classes: z
      .array(z.strictObject({ name: z.string().min(1).max(100), count: z.int().positive() }))
      .max(100),
    /** Canonical JSON list of `{task, episode, class, why}`. */
    cases: blobRefSchema,
  }),
);

/** Before it happens: a proposer is asked, with everything it is shown. */
export const ProposalRequested = defineEvent(
  'ProposalRequested',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    slot: slotSchema,
    targetFailure: z.string().min(1).max(100),
    proposer: z.strictObject({ name: z.string().min(1).max(100), version: z.int().positive() }),
    seed: z.string(),
    /** Canonical JSON of the whole view: failures on `optimize`, past proposals and what symbols came of them. */
    view: blobRefSchema,
  }),
);

/** A change contract: what is to be changed, why, what it should do, and what would prove it wrong. */
export const ChangeProposed = defineEvent(
  'ChangeProposed',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    slot: slotSchema,
    challenger: digestSchema,
    content: blobRefSchema,
    /** What the slot held when the change was made from it. */
    parent: digestSchema,
    author: partySchema,
    hypothesis: sentenceSchema,
    targetFailure: z.string().min(1).max(100),
    /** In score units per item, as the proposer believes. */
    predictedGain: z.number().min(-1).max(1),
    falsifiedBy: sentenceSchema,
    /** What making it took. */
    usage: z.strictObject({ inputTokens: countSchema, outputTokens: countSchema }),
  }),
);

export const ProposalFailed = defineEvent(
  'ProposalFailed',
  1,
  z.strictObject({
    proposal: proposalIdSchema,
    kind: z.enum(['crash', 'timeout', 'invalid', 'over_budget', 'nothing_left']),
    error: recordedErrorSchema,
  }),
);

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

export const improvementEvents = [
  ImprovementOpened,
  GateRegistered,
  ChampionInstalled,
  ImprovementStarted,
  ImprovementPaused,
  ImprovementFinished,
  EvaluationRequested,
  FailuresClassified,
  ProposalRequested,
  ChangeProposed,
  ProposalFailed,
  GateOpened,
  CheckFinished,
  GateDecided,
  ApprovalGiven,
  ApprovalRefused,
  ChallengerPromoted,
  ChallengerDiscarded,
  ChampionRolledBack,
] as const;
export type ImprovementEvent = EventOf<(typeof improvementEvents)[number]>;
