import { z } from 'zod';
import { languageSchema } from '../../src/events/task-view.ts';

/** `execution`: a fresh container for each execution. `batch`: one warm container, a fresh process and user for each. */
export const isolationSchema = z.enum(['execution', 'batch']);
export type Isolation = z.infer<typeof isolationSchema>;

const bytesSchema = z.int().positive();

/** How containers are made; what of it changes what a candidate meets is recorded with every run. */
export const dockerSettingsSchema = z.strictObject({
  /** Where the engine listens: `unix:///…`, `tcp://…`, `http(s)://…`. Null: `DOCKER_HOST`, then the usual sockets. */
  host: z.string().min(1).nullable().default(null),
  isolation: isolationSchema.default('execution'),
  /** An OCI runtime that the engine knows, for example `runsc` (gVisor). Null: the engine's default. */
  runtime: z.string().min(1).nullable().default(null),
  /** A seccomp profile, JSON text. `engine`: the engine's own. Null: the one in `seccomp/profile.ts`. */
  seccompProfile: z.string().min(2).nullable().default(null),
  /** Image reference by language: `name:tag`, `name@sha256:…` or an image ID. */
  images: z.partialRecord(languageSchema, z.string().min(1)).default({}),
  /** Processors that one container may use. */
  cpus: z.number().positive().default(1),
  /** Given to the interpreter and its supervisor on top of the memory that the task allows its program. */
  overheadBytes: bytesSchema.default(96 * 1024 * 1024),
  /** Processes and threads in one container. */
  processesMax: z.int().min(8).default(64),
  /** The work directory, the only place that can be written: its size and how many files it holds. It counts as memory. */
  workBytes: bytesSchema.default(64 * 1024 * 1024),
  workFilesMax: z.int().positive().default(4_096),
  fileBytesMax: bytesSchema.default(64 * 1024 * 1024),
  openFilesMax: z.int().positive().default(256),
  /** Processor time of one execution, milliseconds. Null: its wall-clock limit. */
  cpuMsMax: z.int().positive().nullable().default(null),
  /** Containers made ready before they are needed, for each language in use. Null: one for each worker. */
  warm: z.int().nonnegative().nullable().default(null),
  /** Longest time to wait for an engine that does not answer before an execution is given up, milliseconds. */
  patienceMs: z
    .int()
    .nonnegative()
    .default(10 * 60_000),
});
export type DockerSettings = z.infer<typeof dockerSettingsSchema>;
