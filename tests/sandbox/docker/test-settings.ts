import { createDockerSandbox, type DockerSandbox } from '../../../sandbox/docker/docker-sandbox.ts';
import {
  type DockerSettings,
  dockerSettingsSchema,
  type Isolation,
} from '../../../sandbox/docker/settings.ts';
import type { Language } from '../../../src/events/task-view.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { testImage } from '../../support/container-engine.ts';

/** Settings for the engine of the tests (`DOCKER_HOST`) and their image. */
export function testSettings(isolation: Isolation, more: Partial<DockerSettings> = {}): DockerSettings {
  const images = { python: testImage, javascript: testImage, command: testImage };
  return { ...dockerSettingsSchema.parse({ isolation, images }), ...more };
}

export function testSandbox(
  isolation: Isolation,
  languages: readonly Language[],
  more: Partial<DockerSettings> = {},
): DockerSandbox {
  return createDockerSandbox({
    workers: 2,
    settings: testSettings(isolation, more),
    languages,
    clock: systemClock,
  });
}
