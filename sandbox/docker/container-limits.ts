import type { ContainerLimits } from '../../src/events/container.ts';
import type { DockerSettings } from './settings.ts';

/** The limits among the settings, as they are recorded with every run. */
export function containerLimits(settings: DockerSettings): ContainerLimits {
  const { cpus, overheadBytes, processesMax, workBytes, workFilesMax, fileBytesMax } = settings;
  const { openFilesMax, cpuMsMax } = settings;
  return {
    ...{ cpus, overheadBytes, processesMax, workBytes, workFilesMax, fileBytesMax, openFilesMax },
    cpuMsMax,
  };
}
