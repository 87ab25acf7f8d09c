import { testLedger } from '../../../wire/test-ledger.ts';
import type { WorkQueuePlace } from '../../contract/work/work-queue-place.ts';
import { workQueueContract } from '../../contract/work-queue-contract.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

async function wirePlace(): Promise<WorkQueuePlace> {
  const { address } = await testLedger();
  return {
    open: (clock) => openQueueOnWire(address, clock),
    // What was acknowledged is read by everybody: all reads go to the leader.
    synced: async () => undefined,
  };
}

workQueueContract('eventstore', wirePlace, process.env['PAWL_LONG'] === '1' ? 200 : 5);
