import type { Fingerprint } from '../events/run.ts';
import { pawlVersion } from '../kernel/pawl-version.ts';
import type { RunData } from './run-state.ts';

/** What a session executes on, as `EnvironmentCaptured` records it. */
export type Environment = RunData<'EnvironmentCaptured'>;

/**
 * This process and this machine. Called by whoever starts a session and handed in from there, so that the loop itself looks at
 * neither.
 *
 * @param sandbox the interpreters that the session will use
 */
export function currentEnvironment(sandbox: readonly Fingerprint[]): Environment {
  const { node, v8 } = process.versions;
  const { platform, arch } = process;
  return { pawl: pawlVersion, node, v8, platform, arch, sandbox: [...sandbox] };
}
