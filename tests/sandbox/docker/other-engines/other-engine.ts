import { createDockerSandbox, type DockerSandbox } from '../../../../sandbox/docker/docker-sandbox.ts';
import type { DockerSettings, Isolation } from '../../../../sandbox/docker/settings.ts';
import type { Language } from '../../../../src/events/task-view.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { testSettings } from '../test-settings.ts';

/** An engine beside the one that all tests use. */
export interface OtherEngine {
  readonly host: string;
  /** Why its tests cannot run here, or null. */
  readonly reason: string | null;
  sandbox(isolation: Isolation, languages: readonly Language[]): DockerSandbox;
}

/** @param variable which names the engine, such as `unix:///run/podman/podman.sock`; it must have the test image */
export function otherEngine(variable: string, more: Partial<DockerSettings> = {}): OtherEngine {
  const host = process.env[variable] ?? '';
  const reason = host === '' ? `${variable} is not set` : null;
  if (reason !== null) console.warn(`Skipped: ${reason}.`);
  return {
    host,
    reason,
    sandbox: (isolation, languages) =>
      createDockerSandbox({
        workers: 2,
        settings: testSettings(isolation, { host, ...more }),
        languages,
        clock: systemClock,
      }),
  };
}
