import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineFacts } from '../engine/engine-facts.ts';
import type { DockerSettings } from '../settings.ts';
import { chosenProfile } from './chosen-profile.ts';

/** How an engine is told about a profile. */
export interface HandedProfile {
  /** What stands among a container's security options; null: nothing, and the engine takes its own profile. */
  readonly option: string | null;
  /** To be called when no container is made any more. */
  remove(): Promise<void>;
}

/**
 * Docker takes the text itself. Podman takes the same member for the path of a file, which its service opens when a container is
 * created: so there the text is put into a directory that only this user can read, and the service must be on this machine.
 */
export async function handOverProfile(
  settings: Pick<DockerSettings, 'seccompProfile'>,
  { name }: Pick<EngineFacts, 'name'>,
): Promise<HandedProfile> {
  const profile = chosenProfile(settings);
  if (profile === null) return { option: null, remove: async () => {} };
  if (name === 'docker') return { option: `seccomp=${profile}`, remove: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), 'pawl-seccomp-'));
  const path = join(directory, 'profile.json');
  await writeFile(path, profile, { mode: 0o600 });
  return { option: `seccomp=${path}`, remove: () => rm(directory, { recursive: true, force: true }) };
}
