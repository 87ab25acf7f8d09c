import { z } from 'zod';
import type { Digest, EventId, StreamName } from '../kernel/brand.ts';
import type { Json } from '../kernel/json.ts';

/** Building blocks that several event families share. */
export const digestSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a lower-case hexadecimal SHA-256')
  .transform((text) => text as Digest);

export const eventIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID')
  .transform((text) => text as EventId);

export const streamNameSchema = z
  .string()
  .regex(/^[a-z]+-[A-Za-z0-9._:-]{1,120}$/, '<category>-<rest>')
  .transform((text) => text as StreamName);

export const countSchema = z.int().nonnegative();

/** Any plain JSON value; canonical encoding refuses the rest. */
export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>;
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** Points at content-addressed bytes: SHA-256 of the raw bytes and their number. */
export const blobRefSchema = z.strictObject({ digest: digestSchema, bytes: countSchema });
export type BlobRef = z.infer<typeof blobRefSchema>;

/**
 * Names one effect of an episode for ever: the how-manyth command of the episode, which of its samples, which attempt.
 * Together with the digest of its input it decides whether history answers a command.
 */
export const effectKeySchema = z.strictObject({
  ordinal: countSchema,
  occurrence: countSchema,
  attempt: countSchema,
});
export type EffectKey = z.infer<typeof effectKeySchema>;

export function effectKeyText(key: EffectKey): string {
  return `${key.ordinal}.${key.occurrence}.${key.attempt}`;
}

/** What went wrong, as recorded: a code of the error table, the text, and whether another attempt may help. */
export const recordedErrorSchema = z.strictObject({
  code: z.string().min(1),
  message: z.string().max(4000),
  retryable: z.boolean(),
});
export type RecordedError = z.infer<typeof recordedErrorSchema>;

/** Limits on what an episode may use; null is "no limit". */
export const budgetSchema = z.strictObject({
  candidates: countSchema.nullable(),
  executions: countSchema.nullable(),
  tokens: countSchema.nullable(),
  /**
   * Steps that one execution against public tests may take, where the task allows more: a search that meets many endless
   * loops need not wait them all out. Grading always has the task's own limits.
   */
  stepsPerExecution: countSchema.nullable(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** Wall time and machine-dependent text: recorded, never compared, never decided from. */
export const volatileSchema = z.strictObject({ wallMs: z.number().nonnegative() });
