import { expect, it } from 'vitest';
import { environmentDiffers } from '../../src/loop/environment-differs.ts';
import { containerFingerprint } from '../support/container-fingerprint.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';

const container = containerFingerprint('execution');
const docker = { ...scriptedFingerprint, driver: 'docker', container };

it('is silent about the same interpreter under another engine', () => {
  const other = { ...docker, container: { ...container, engine: 'Podman 5.4.0' } };
  expect(environmentDiffers(docker, other)).toBeNull();
});

it('names another interpreter', () => {
  const differs = environmentDiffers(scriptedFingerprint, { ...scriptedFingerprint, version: '2' });
  expect(differs?.message).toBe(
    'javascript was executed by toy 1 (scripted, 0f53133ce57c); here is toy 2 (scripted, 0f53133ce57c)',
  );
});

it('names each limit and setting that differs where the interpreter is the same', () => {
  const limits = { ...container.limits, processesMax: 8 };
  const differs = environmentDiffers(docker, {
    ...docker,
    container: { ...container, runtime: 'runsc', limits },
  });
  expect(differs?.message).toBe(
    'javascript was executed by toy 1 (docker/execution, 0f53133ce57c); here it has other settings: kernel was "host" and is "runsc", limits.processesMax was 64 and is 8',
  );
  expect(differs?.context).toEqual({
    ...{ language: 'javascript', differing: 'container.kernel container.limits.processesMax' },
  });
});

it('does not compare the settings of containers with none', () => {
  expect(environmentDiffers(scriptedFingerprint, docker)?.message).toBe(
    'javascript was executed by toy 1 (scripted, 0f53133ce57c); here is toy 1 (docker/execution, 0f53133ce57c)',
  );
});
