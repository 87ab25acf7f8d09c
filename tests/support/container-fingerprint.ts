import type { ContainerFingerprint } from '../../src/events/container.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';

/** What a run in containers records of them. */
export function containerFingerprint(isolation: ContainerFingerprint['isolation']): ContainerFingerprint {
  return {
    ...{ isolation, image: 'python:3.14-slim', runtime: 'runc', engine: 'Docker 27.3.1', seccomp: 'default' },
    limits: {
      ...{ cpus: 1, overheadBytes: 96 << 20, processesMax: 64, workBytes: 64 << 20, workFilesMax: 4_096 },
      ...{ fileBytesMax: 64 << 20, openFilesMax: 256, cpuMsMax: null },
    },
    examiner: sha256Hex('examiner'),
  };
}
