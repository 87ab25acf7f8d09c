import { describe, expect, it } from 'vitest';
import type { ContainerFingerprint } from '../../src/events/container.ts';
import { interpreterIdentity } from '../../src/events/interpreter-identity.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { containerFingerprint } from '../support/container-fingerprint.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';

const container = containerFingerprint('execution');
const inContainer = (changes: Partial<ContainerFingerprint>): Fingerprint => ({
  ...{ ...scriptedFingerprint, driver: 'docker' },
  container: { ...container, ...changes },
});
const identity = (changes: Partial<ContainerFingerprint>) => interpreterIdentity(inContainer(changes));

describe('the identity of an interpreter', () => {
  it('without a container is what was recorded before there were containers', () => {
    expect(interpreterIdentity(scriptedFingerprint)).toEqual({
      ...{ driver: 'scripted', language: 'javascript', package: 'toy', version: '1' },
      moduleDigest: sha256Hex('toy'),
    });
  });

  it.each<[string, Partial<ContainerFingerprint>]>([
    ['another engine', { engine: 'Podman 5.4.0' }],
    ['another name for the same image', { image: `python@sha256:${sha256Hex('index')}` }],
    ['another runtime on the same kernel', { runtime: 'crun' }],
    ['more processors', { limits: { ...container.limits, cpus: 4 } }],
  ])('is the same with %s', (_, changes) => {
    expect(identity(changes)).toEqual(identity({}));
  });

  it.each<[string, Partial<ContainerFingerprint>]>([
    ['another isolation', { isolation: 'batch' }],
    ['a runtime with a kernel of its own', { runtime: 'runsc' }],
    ['another seccomp profile', { seccomp: sha256Hex('profile') }],
    ['another interpreter that runs the tests', { examiner: sha256Hex('another') }],
    ['another limit', { limits: { ...container.limits, processesMax: 8 } }],
  ])('is another with %s', (_, changes) => {
    expect(identity(changes)).not.toEqual(identity({}));
  });
});
