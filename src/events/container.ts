import { z } from 'zod';
import { digestSchema } from './shapes.ts';

const bytesSchema = z.int().positive();

/** What a container lets its programs have; each changes what a program meets that asks for more. */
export const containerLimitsSchema = z.strictObject({
  /** Processors; they decide how long a program takes, not what it comes to. */
  cpus: z.number().positive(),
  /** On top of the memory that the task allows its program. */
  overheadBytes: bytesSchema,
  processesMax: z.int().positive(),
  workBytes: bytesSchema,
  workFilesMax: z.int().positive(),
  fileBytesMax: bytesSchema,
  openFilesMax: z.int().positive(),
  /** Processor time of one execution, milliseconds; null: its wall-clock limit. */
  cpuMsMax: z.int().positive().nullable(),
});
export type ContainerLimits = z.infer<typeof containerLimitsSchema>;

/** How the container was made that a program was executed in. */
export const containerSchema = z.strictObject({
  /** `execution`: a container of its own for each execution. `batch`: a process of its own in a warm one. */
  isolation: z.enum(['execution', 'batch']),
  /** The image as it was asked for, by digest where it has one; its ID is the fingerprint's `moduleDigest`. */
  image: z.string().min(1).max(1000),
  /** The OCI runtime: `runc`, `crun`, `runsc` (gVisor) … */
  runtime: z.string().min(1).max(200),
  /** Name and version of the engine, for example `Docker 27.3.1`. */
  engine: z.string().min(1).max(200),
  /** `default`: the engine's own profile; else the digest of the text that was given to it. */
  seccomp: z.union([z.literal('default'), digestSchema]),
  limits: containerLimitsSchema,
  /** Module digest of the interpreter outside the container that ran the tests; null: none did. */
  examiner: digestSchema.nullable(),
});
export type ContainerFingerprint = z.infer<typeof containerSchema>;
