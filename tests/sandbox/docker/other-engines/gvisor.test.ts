import { describe } from 'vitest';
import { describeSandbox } from '../../sandbox-contract.ts';
import { otherEngine } from './other-engine.ts';

const gvisor = otherEngine('PAWL_TEST_GVISOR', { runtime: 'runsc' });

describe.skipIf(gvisor.reason !== null)('gVisor', () => {
  for (const isolation of ['execution', 'batch'] as const) {
    const name = `at the level ${isolation}`;
    describeSandbox(name, 'python', () => gvisor.sandbox(isolation, ['python']), { clock: 'real' });
    describeSandbox(name, 'javascript', () => gvisor.sandbox(isolation, ['javascript']));
  }
});
