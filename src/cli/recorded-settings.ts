import { engineProfile } from '../../sandbox/docker/seccomp/chosen-profile.ts';
import type { DockerSettings } from '../../sandbox/docker/settings.ts';
import { hostKernelRuntimes } from '../events/interpreter-identity.ts';
import type { Fingerprint } from '../events/run.ts';

/**
 * The settings that a run's containers were made with, as far as its record says: the images by their IDs, so that a name that
 * means another image by now changes nothing. A seccomp profile other than ours and the engine's
 * is recorded by its digest alone, and must be given again.
 */
export function recordedSettings(recorded: readonly Fingerprint[]): Partial<DockerSettings> {
  const container = recorded.find((known) => known.container !== null)?.container;
  if (container === undefined || container === null) return {};
  const images = recorded.flatMap(({ language, container: of, moduleDigest }) =>
    of === null ? [] : [[language, `sha256:${moduleDigest}`]],
  );
  const { isolation, runtime, limits, seccomp } = container;
  // Any runtime without a kernel of its own will do, and the engine's usual one is there.
  const kernel = hostKernelRuntimes.has(runtime) ? {} : { runtime };
  const profile = seccomp === 'default' ? { seccompProfile: engineProfile } : {};
  return { isolation, images: Object.fromEntries(images), ...limits, ...kernel, ...profile };
}
