import type { Environment } from '../../src/loop/current-environment.ts';
import { scriptedFingerprint } from './scripted-sandbox.ts';

/** The same on every machine, so that what is recorded in tests is the same too. */
export const testEnvironment: Environment = {
  ...{ pawl: '0.0.0-test', node: '24.0.0', v8: '13.0', platform: 'linux', arch: 'x64' },
  sandbox: [scriptedFingerprint],
};
