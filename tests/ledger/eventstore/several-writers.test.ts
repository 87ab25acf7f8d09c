import { afterAll, beforeAll, describe } from 'vitest';
import { spawnWireServer, type WireServerProcess } from '../../wire/server/spawn-wire-server.ts';
import { severalWritersContract } from '../contract/several-writers-contract.ts';
import { freshPrefix, openOnWire } from './ledger-on-wire.ts';

describe('with clients of their own', () => {
  let server: WireServerProcess;
  beforeAll(async () => {
    server = await spawnWireServer();
  });
  afterAll(() => server.stop());

  severalWritersContract('eventstore', async () => {
    const prefix = freshPrefix();
    return () => openOnWire(`${server.url}&prefix=${prefix}`);
  });
});
