import { describe } from 'vitest';
import { realServer, testLedger } from '../../wire/test-ledger.ts';
import { eventStoreContract } from '../contract/event-store-contract.ts';
import { openOnWire } from './ledger-on-wire.ts';

const paths =
  realServer === null
    ? [
        { path: 'batch', batchAppend: true },
        { path: 'classic', batchAppend: false },
      ]
    : [{ path: 'real', batchAppend: true }];

describe.each(paths)('over the $path path', ({ path, batchAppend }) => {
  eventStoreContract(`eventstore, ${path}`, async () =>
    openOnWire((await testLedger({ batchAppend })).address),
  );
});
