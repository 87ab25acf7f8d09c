import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { proposalIdSchema } from './held-out.ts';
import { partySchema, sentenceSchema } from './party.ts';
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
] as const;
export type ImprovementEvent = EventOf<(typeof improvementEvents)[number]>;
