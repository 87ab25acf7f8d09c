import { expect, onTestFinished, test } from 'vitest';
import { parseEventstoreAddress } from '../../../src/ledger/stores/eventstore/address.ts';
import { openDbClient } from '../../../src/ledger/stores/eventstore/db-client/open-db-client.ts';
import { startWireServer } from '../../wire/server/wire-server.ts';

test('a read of a server that is away is a failure and never an empty stream, whatever else fails beside it', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  const client = await openDbClient(parseEventstoreAddress(server.url).settings);
  onTestFinished(() => client.dispose());
  const [id, data] = ['00000000-0000-5000-8000-000000000001', new Uint8Array(1)];
  const append = (): Promise<unknown> =>
    client.append('some', 'any', [{ id, type: 'Tested', data, metadata: new Uint8Array(0) }], 3_000);
  await append();
  await server.goDown();
  const page = { from: 'end', direction: 'backwards', countMax: 1 } as const;
  for (let round = 0; round < 200; round += 1) {
    const reads = [1, 2, 3].map(() => client.readStream('some', page, 3_000));
    const [appended, ...read] = await Promise.allSettled([append(), ...reads]);
    expect(appended.status).toBe('rejected');
    expect(read.map((one) => one.status === 'rejected' && one.reason.kind)).toEqual(
      read.map(() => 'unreachable'),
    );
  }
  await server.comeBack();
  await expect.poll(async () => (await client.readStream('some', page, 3_000)).length).toBe(1);
});
