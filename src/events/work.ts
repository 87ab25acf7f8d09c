import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { fingerprintSchema } from './run.ts';
import { blobRefSchema, countSchema, recordedErrorSchema, streamNameSchema } from './shapes.ts';

/** What a run needs of a worker, or a worker has: `sandbox:wasm`, `language:python`, `model:NAME`, `isolation:batch` … */
export const capabilitySchema = z.string().regex(/^[a-z]+:[^\s]{1,200}$/, 'KIND:NAME');

const workerNameSchema = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID');

/** From now on any worker that has what the run needs may take its episodes. */
export const RunQueued = defineEvent(
  'RunQueued',
  1,
  z.strictObject({
    run: streamNameSchema,
    /** Ascending. */
    needs: z.array(capabilitySchema).max(100),
    leaseMs: z.int().positive(),
    attemptsMax: z.int().positive(),
    /** Files that the generator is made of, by the name its specification has for them; no secrets. */
    files: z.array(z.strictObject({ name: z.string().min(1).max(1000), content: blobRefSchema })).max(100),
  }),
);

/** Workers are no longer asked for the episodes of the run. */
export const RunDequeued = defineEvent(
  'RunDequeued',
  1,
  z.strictObject({ run: streamNameSchema, why: z.enum(['finished', 'withdrawn']) }),
);

/** The episode was handed out as often as its run allows; nobody works on it until a person says so. */
export const EpisodeParked = defineEvent(
  'EpisodeParked',
  1,
  z.strictObject({
    run: streamNameSchema,
    episode: streamNameSchema,
    attempts: z.int().positive(),
    reason: z.string().min(1).max(4000),
  }),
);

/** A person lets workers try it again. */
export const EpisodeUnparked = defineEvent(
  'EpisodeUnparked',
  1,
  z.strictObject({ run: streamNameSchema, episode: streamNameSchema }),
);

/** A worker begins; its stream tells all that it took part in. */
export const WorkerStarted = defineEvent(
  'WorkerStarted',
  1,
  z.strictObject({
    worker: workerNameSchema,
    /** For people. */
    host: z.string().max(255),
    process: countSchema,
    slots: z.int().positive(),
    capabilities: z.array(capabilitySchema).max(1000),
    pawl: z.string().min(1),
    node: z.string().min(1),
    v8: z.string().min(1),
    platform: z.string().min(1),
    arch: z.string().min(1),
    sandbox: z.array(fingerprintSchema),
  }),
);

export const EpisodeTaken = defineEvent(
  'EpisodeTaken',
  1,
  z.strictObject({
    run: streamNameSchema,
    episode: streamNameSchema,
    attempt: z.int().positive(),
    /** Who had it before, and why it was to be had. */
    from: z
      .strictObject({ worker: workerNameSchema, why: z.enum(['lapsed', 'released', 'failed']) })
      .nullable(),
  }),
);

export const EpisodeLeft = defineEvent(
  'EpisodeLeft',
  1,
  z.strictObject({
    run: streamNameSchema,
    episode: streamNameSchema,
    attempt: z.int().positive(),
    /** `fenced`: another worker had gone on with its stream meanwhile; what was done here after that is in no history. */
    how: z.enum(['finished', 'fenced', 'released', 'failed']),
    error: recordedErrorSchema.nullable(),
  }),
);

export const WorkerStopped = defineEvent(
  'WorkerStopped',
  1,
  z.strictObject({ why: z.enum(['drained', 'idle', 'failed']), error: recordedErrorSchema.nullable() }),
);

export const workEvents = [
  RunQueued,
  RunDequeued,
  EpisodeParked,
  EpisodeUnparked,
  WorkerStarted,
  EpisodeTaken,
  EpisodeLeft,
  WorkerStopped,
] as const;
export type WorkEvent = EventOf<(typeof workEvents)[number]>;
