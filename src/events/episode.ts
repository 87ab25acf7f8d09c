import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { ExecutionFailed, ExecutionFinished, ExecutionRequested, VerdictRecorded } from './execution.ts';
import { outcomeSchema } from './execution-result.ts';
import { type BudgetExhausted, generatorRefSchema, strategyRefSchema } from './run.ts';
import {
  blobRefSchema,
  budgetSchema,
  countSchema,
  digestSchema,
  effectKeySchema,
  recordedErrorSchema,
  streamNameSchema,
  volatileSchema,
} from './shapes.ts';

/** How much of an execution the next generation is told: everything, or only that it was wrong. */
export const feedbackLevelSchema = z.enum(['full', 'verdict']);
export type FeedbackLevel = z.infer<typeof feedbackLevelSchema>;

/** What a generator spent on one proposal. */
export const usageSchema = z.strictObject({ inputTokens: countSchema, outputTokens: countSchema });

export const EpisodeStarted = defineEvent(
  'EpisodeStarted',
  2,
  z.strictObject({
    run: streamNameSchema,
    index: countSchema,
    task: z.string(),
    /** Blob of the canonical task view, and the digest of the hidden tests (their blob is opened for grading only). */
    view: blobRefSchema,
    hidden: blobRefSchema,
    strategy: strategyRefSchema,
    generator: generatorRefSchema,
    seed: z.string(),
    budget: budgetSchema,
    /** The episode this one branches off; its revisions up to that one are repeated here (-1: none). */
    forkedFrom: z.strictObject({ episode: streamNameSchema, revision: z.int().min(-1) }).nullable(),
    /** For an imported episode: what the other tool wrote about it, byte for byte. */
    source: blobRefSchema.nullable(),
  }),
  [(data) => ({ ...data, forkedFrom: null, source: null })],
);

export const GenerationRequested = defineEvent(
  'GenerationRequested',
  1,
  z.strictObject({
    key: effectKeySchema,
    /** How many generations the episode requested before this one. */
    sample: countSchema,
    /** Digest of everything the generator is given. */
    input: digestSchema,
    /** The same, rendered for a reader (and for a language model). */
    prompt: blobRefSchema,
    /** Candidate this one is conditioned on, if any. */
    parent: digestSchema.nullable(),
    /** Earlier candidates (oldest first) that the generator is shown, with the feedback each got. */
    dialogue: z.array(z.strictObject({ candidate: digestSchema, feedback: digestSchema.nullable() })),
  }),
);

/** All that a model answered, word for word, where the program is a part of it; null where the program is all there is. */
const completionSchema = blobRefSchema.nullable();

export const CandidateGenerated = defineEvent(
  'CandidateGenerated',
  2,
  z.strictObject({
    /** Null for the program the task handed out: nothing was generated. */
    key: effectKeySchema.nullable(),
    origin: z.enum(['given', 'generated']),
    candidate: digestSchema,
    program: blobRefSchema,
    parent: digestSchema.nullable(),
    /** What the generator says it did, in one line. */
    note: z.string().max(500),
    completion: completionSchema,
    usage: usageSchema,
    volatile: volatileSchema,
  }),
  [(data) => ({ ...data, completion: null })],
);

export const CandidateRejected = defineEvent(
  'CandidateRejected',
  2,
  z.strictObject({
    key: effectKeySchema,
    candidate: digestSchema,
    reason: z.enum(['duplicate', 'too_large', 'empty']),
    program: blobRefSchema,
    completion: completionSchema,
    /** A rejected proposal was paid for as well. */
    usage: usageSchema,
  }),
  [(data) => ({ ...data, completion: null })],
);

export const GenerationFailed = defineEvent(
  'GenerationFailed',
  1,
  z.strictObject({
    key: effectKeySchema,
    error: recordedErrorSchema,
    final: z.boolean(),
    volatile: volatileSchema,
  }),
);

export const CandidateScored = defineEvent(
  'CandidateScored',
  1,
  z.strictObject({
    candidate: digestSchema,
    execution: effectKeySchema,
    scorer: z.string().min(1),
    scorerVersion: z.int().positive(),
    value: z.number(),
    components: z.record(z.string(), z.number()),
  }),
);

export const FeedbackComposed = defineEvent(
  'FeedbackComposed',
  1,
  z.strictObject({
    candidate: digestSchema,
    /** The executions it cites; never one against hidden tests. */
    execution: effectKeySchema,
    tests: z.literal('public'),
    level: feedbackLevelSchema,
    text: blobRefSchema,
  }),
);

export const FinalPicked = defineEvent(
  'FinalPicked',
  1,
  z.strictObject({
    candidate: digestSchema.nullable(),
    publicPass: z.boolean(),
    reason: z.enum([
      'public_pass',
      'best_score',
      'budget',
      'generator_exhausted',
      'generator_failed',
      'no_candidate',
    ]),
  }),
);

export const FinalGraded = defineEvent(
  'FinalGraded',
  1,
  z.strictObject({
    candidate: digestSchema,
    execution: effectKeySchema,
    outcome: outcomeSchema,
    passed: countSchema,
    total: countSchema,
    hiddenPass: z.boolean(),
  }),
);

export const EpisodeFinished = defineEvent(
  'EpisodeFinished',
  1,
  z.strictObject({
    status: z.enum(['graded', 'nothing_to_grade', 'grading_failed']),
    publicPass: z.boolean(),
    hiddenPass: z.boolean(),
    candidates: countSchema,
    executions: countSchema,
    tokens: countSchema,
    steps: countSchema,
  }),
);

export const episodeEvents = [
  EpisodeStarted,
  GenerationRequested,
  CandidateGenerated,
  CandidateRejected,
  GenerationFailed,
  ExecutionRequested,
  ExecutionFinished,
  VerdictRecorded,
  ExecutionFailed,
  CandidateScored,
  FeedbackComposed,
  FinalPicked,
  FinalGraded,
  EpisodeFinished,
] as const;

/** Every event an episode's stream can hold. */
export type EpisodeEvent = EventOf<(typeof episodeEvents)[number] | typeof BudgetExhausted>;
