import { describe } from 'vitest';
import { withoutEngine } from '../../support/container-engine.ts';
import { describeSandbox } from '../sandbox-contract.ts';
import { testSandbox } from './test-settings.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

describe.skipIf(reason !== null)('containers', () => {
  for (const isolation of ['execution', 'batch'] as const) {
    const name = `the Docker driver at the level ${isolation}`;
    describeSandbox(name, 'python', () => testSandbox(isolation, ['python']), { clock: 'real' });
    describeSandbox(name, 'javascript', () => testSandbox(isolation, ['javascript']));
  }
});
