import { afterAll, beforeAll, describe } from 'vitest';
import { spawnWireServer, type WireServerProcess } from '../../wire/server/spawn-wire-server.ts';
import { eventStoreContract } from '../contract/event-store-contract.ts';
import { freshPrefix, openOnWire } from './ledger-on-wire.ts';

describe.each([
  { path: 'batch', batchAppend: true },
  { path: 'classic', batchAppend: false },
])('over the $path path', ({ path, batchAppend }) => {
  let server: WireServerProcess;
  beforeAll(async () => {
    server = await spawnWireServer({ batchAppend });
  });
  afterAll(() => server.stop());

  eventStoreContract(`eventstore, ${path}`, () => openOnWire(`${server.url}&prefix=${freshPrefix()}`));
});
