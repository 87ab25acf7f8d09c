import {
  type DockerSettings,
  dockerSettingsSchema,
  type Isolation,
} from '../../../sandbox/docker/settings.ts';
import { testImage } from '../../support/container-engine.ts';

export function benchSettings(isolation: Isolation): DockerSettings {
  return dockerSettingsSchema.parse({
    isolation,
    images: { python: testImage, javascript: testImage, command: testImage },
  });
}
