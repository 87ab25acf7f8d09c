import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import { containerSchema } from './container.ts';
import { defineEvent, type EventOf } from './define-event.ts';
import {
  blobRefSchema,
  budgetSchema,
  countSchema,
  digestSchema,
  jsonObjectSchema,
  streamNameSchema,
} from './shapes.ts';

export const strategyRefSchema = z.strictObject({
  name: z.string().min(1),
  version: z.int().positive(),
  params: jsonObjectSchema,
});
export type StrategyRef = z.infer<typeof strategyRefSchema>;

export const generatorRefSchema = z.strictObject({
  name: z.string().min(1),
  version: z.int().positive(),
  /** What distinguishes two configurations of one generator (model, temperature, file digest …). */
  config: jsonObjectSchema,
});
export type GeneratorRef = z.infer<typeof generatorRefSchema>;

/**
 * The interpreter that executed: package, version and the hash of the WebAssembly module (or the image's ID). Two are compared
 * by `interpreterIdentity`, never by all that is recorded of them.
 */
export const fingerprintSchema = z.strictObject({
  driver: z.string().min(1),
  language: z.string().min(1),
  package: z.string().min(1),
  version: z.string().min(1),
  moduleDigest: digestSchema,
  /** Null where no container was used. */
  container: containerSchema.nullable(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Where an imported run comes from; its events follow from the rows of that file alone. */
export const importedSchema = z.strictObject({
  /** Name and version of the importer. */
  format: z.string().min(1),
  formatVersion: z.int().positive(),
  /** The file's name, without its directory, and the SHA-256 of its bytes. */
  name: z.string().min(1).max(300),
  file: digestSchema,
});
export type Imported = z.infer<typeof importedSchema>;

export const RunStarted = defineEvent(
  'RunStarted',
  2,
  z.strictObject({
    suite: digestSchema,
    suiteName: z.string(),
    split: z.string().nullable(),
    strategy: strategyRefSchema,
    generator: generatorRefSchema,
    /** How the generator was asked for, so that a resumed run can make it again; checked against `generator`. */
    generatorSpec: z.string().min(1),
    /** The template that prompts are rendered from, UTF-8; null: the rendering that is built in. */
    prompt: blobRefSchema.nullable(),
    scorer: z.strictObject({ name: z.string(), version: z.int().positive() }),
    sandbox: z.array(fingerprintSchema),
    seed: z.string(),
    tasks: countSchema,
    /** Runs started by one command share a group, so that they can be compared. */
    group: z.string(),
    /** Numbers of the replay flags that hold for this run, ascending. */
    flags: z.array(z.int().positive()),
    /** The run or episode this one branches off, and the last revision that was taken over from it (-1: none). */
    forkedFrom: z.strictObject({ stream: streamNameSchema, revision: z.int().min(-1) }).nullable(),
    imported: importedSchema.nullable(),
  }),
  // Runs could be neither forked nor imported, and there were no flags, no templates and no containers.
  [
    (data) => ({
      ...{ ...data, prompt: null, flags: [], forkedFrom: null, imported: null },
      sandbox: (data['sandbox'] as readonly JsonObject[]).map((known) => ({ ...known, container: null })),
    }),
  ],
);

export const BudgetGranted = defineEvent(
  'BudgetGranted',
  1,
  z.strictObject({ episode: budgetSchema, runWallMs: countSchema.nullable() }),
);

export const EpisodeScheduled = defineEvent(
  'EpisodeScheduled',
  1,
  z.strictObject({ index: countSchema, task: z.string(), episode: streamNameSchema }),
);

export const RunPaused = defineEvent(
  'RunPaused',
  1,
  z.strictObject({
    reason: z.enum(['interrupted', 'budget', 'failure']),
    volatile: z.strictObject({ wallMs: z.number() }),
  }),
);

export const RunResumed = defineEvent('RunResumed', 1, z.strictObject({ unfinished: countSchema }));

export const RunFinished = defineEvent(
  'RunFinished',
  1,
  z.strictObject({
    episodes: countSchema,
    publicPass: countSchema,
    hiddenPass: countSchema,
    volatile: z.strictObject({ wallMs: z.number() }),
  }),
);

export const BudgetExhausted = defineEvent(
  'BudgetExhausted',
  1,
  z.strictObject({
    kind: z.enum(['candidates', 'executions', 'tokens', 'wallTime']),
    limit: countSchema,
    spent: countSchema,
  }),
);

/** What a session of a run executed on. */
export const EnvironmentCaptured = defineEvent(
  'EnvironmentCaptured',
  1,
  z.strictObject({
    pawl: z.string().min(1),
    node: z.string().min(1),
    v8: z.string().min(1),
    platform: z.string().min(1),
    arch: z.string().min(1),
    sandbox: z.array(fingerprintSchema),
  }),
);

export const runEvents = [
  RunStarted,
  BudgetGranted,
  EpisodeScheduled,
  RunPaused,
  RunResumed,
  RunFinished,
  BudgetExhausted,
  EnvironmentCaptured,
] as const;
export type RunEvent = EventOf<(typeof runEvents)[number]>;
