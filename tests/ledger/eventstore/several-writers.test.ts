import { describe } from 'vitest';
import { testLedger } from '../../wire/test-ledger.ts';
import { severalWritersContract } from '../contract/several-writers-contract.ts';
import { openOnWire } from './ledger-on-wire.ts';

describe('with clients of their own', () => {
  severalWritersContract('eventstore', async () => {
    const { address } = await testLedger();
    return () => openOnWire(address);
  });
});
