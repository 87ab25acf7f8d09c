import type { JsonObject } from '../kernel/json.ts';
import type { ContainerFingerprint } from './container.ts';
import type { Fingerprint } from './run.ts';

/**
 * What of a fingerprint decides whether it is the same interpreter: everything that can change what a program comes to. The
 * rest is recorded for people. What was executed in WebAssembly has exactly the members it had before there were containers,
 * because digests of recorded inputs are made of this.
 */
export function interpreterIdentity({ container, ...interpreter }: Fingerprint): JsonObject {
  return container === null ? interpreter : { ...interpreter, container: containerIdentity(container) };
}

/** These hand every system call to the host's kernel, and differ in nothing that a program sees. */
export const hostKernelRuntimes: ReadonlySet<string> = new Set(['runc', 'crun', 'io.containerd.runc.v2']);

/**
 * Not the name that the image was asked for by (its ID is in the fingerprint), not the engine and its version, and not the
 * number of processors: they change how long something takes at most.
 */
function containerIdentity({
  isolation,
  runtime,
  seccomp,
  limits,
  examiner,
}: ContainerFingerprint): JsonObject {
  const { cpus: _, ...limited } = limits;
  const kernel = hostKernelRuntimes.has(runtime) ? 'host' : runtime;
  return { isolation, kernel, seccomp, limits: limited, examiner };
}
