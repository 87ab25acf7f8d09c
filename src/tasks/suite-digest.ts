import type { Digest } from '../kernel/brand.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { hiddenTestsBytes, taskViewBytes } from './serialize.ts';
import type { Task } from './task.ts';

/** One line of a manifest: a task and the digests of the canonical bytes of its two parts. */
export interface ManifestEntry {
  readonly id: string;
  readonly view: Digest;
  readonly hidden: Digest;
}

/** The tasks in order, each by the digests of its public and hidden part. References are not part of a suite's identity. */
export function suiteManifest(tasks: readonly Task[]): readonly ManifestEntry[] {
  return tasks.map((task) => ({
    id: task.view.id,
    view: sha256Hex(taskViewBytes(task.view)),
    hidden: sha256Hex(hiddenTestsBytes(task.hidden)),
  }));
}

/**
 * The identity of a suite: the SHA-256 of its manifest's canonical bytes. It is thus also the digest of the manifest as a
 * blob, and whoever holds the manifest can check both the suite and each stored part against it.
 */
export function suiteDigest(tasks: readonly Task[]): Digest {
  return sha256Hex(canonicalBytes(suiteManifest(tasks)));
}
