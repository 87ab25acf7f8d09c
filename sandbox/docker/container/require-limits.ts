import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { EngineFacts } from '../engine/engine-facts.ts';
import { chosenProfile } from '../seccomp/chosen-profile.ts';
import type { DockerSettings } from '../settings.ts';

/**
 * An engine that cannot set a limit says so in a warning and starts the container all the same, so this is asked before.
 *
 * @throws PawlError `ENGINE_REFUSED` where a limit or the runtime is missing, `SANDBOX_SETTINGS` for a profile that is none
 */
export function requireLimits(facts: EngineFacts, settings: DockerSettings, at: string): void {
  const { limits } = facts;
  const missing = [
    ...(limits.memory ? [] : ['memory']),
    // With the first version of control groups, a container that may swap does not as long as its swappiness is 0.
    ...(limits.swap || facts.cgroupVersion === 1 ? [] : ['swap']),
    ...(limits.processes ? [] : ['the number of processes']),
    ...(limits.cpu ? [] : ['processor time']),
  ];
  if (missing.length > 0) {
    throw new PawlError(
      'ENGINE_REFUSED',
      `The engine at ${at} cannot limit ${missing.join(', ')} on this machine. A rootless engine needs control groups of ` +
        'version 2 and the controllers cpu, memory and pids delegated to its user.',
      { context: { engine: at } },
    );
  }
  if (settings.runtime !== null && !facts.runtimes.includes(settings.runtime)) {
    const known = facts.runtimes.join(', ');
    throw new PawlError(
      'SANDBOX_SETTINGS',
      `The engine at ${at} has no runtime ${settings.runtime}; it has ${known}.`,
      { context: { engine: at, runtime: settings.runtime } },
    );
  }
  if (!facts.seccomp) {
    throw new PawlError('ENGINE_REFUSED', `The engine at ${at} filters no system calls (seccomp).`, {
      context: { engine: at },
    });
  }
  const profile = chosenProfile(settings);
  if (profile !== null && !isProfile(profile)) {
    throw new PawlError(
      'SANDBOX_SETTINGS',
      'seccompProfile must be "engine" or the text of a profile: a JSON object with defaultAction.',
    );
  }
}

function isProfile(text: string): boolean {
  try {
    const profile: unknown = JSON.parse(text);
    return typeof profile === 'object' && profile !== null && 'defaultAction' in profile;
  } catch {
    return false;
  }
}
