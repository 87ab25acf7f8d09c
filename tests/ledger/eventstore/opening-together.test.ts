import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startWireCluster } from '../../wire/server/cluster.ts';
import { startWireServer, type WireServerOptions } from '../../wire/server/wire-server.ts';
import { allRecords, record, request, stream } from '../record-factory.ts';
import { freshPrefix, openOnWire } from './ledger-on-wire.ts';

const run = promisify(execFile);

async function started(
  options: WireServerOptions = {},
): Promise<{ readonly port: number; readonly url: string }> {
  const server = await startWireServer(options);
  onTestFinished(() => server.stop());
  return server;
}

describe('opening', () => {
  test('makes one ledger when several processes make it at once', async () => {
    const { url } = await started();
    const address = `${url}&prefix=${freshPrefix()}`;
    const stores = await Promise.all(Array.from({ length: 8 }, () => openOnWire(address)));
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    expect(new Set(stores.map(({ ledgerId }) => ledgerId)).size).toBe(1);
  });

  test.for(['late commit', 'drop after commit'] as const)(
    'makes one ledger when two processes make it at once, and the first meets: %s',
    async (fault) => {
      const server = await startWireServer();
      onTestFinished(() => server.stop());
      await server.setFaults([{ operation: 'append', fault, calls: [1], delayMs: 600 }]);
      const address = `${server.url}&prefix=race`;
      const program = join(import.meta.dirname, 'creating-process.ts');
      const made = await Promise.all(
        [1, 2].map((number) => run(process.execPath, [program, address, `${number}`])),
      );
      expect(made[0]?.stdout).toBe(made[1]?.stdout);
      const store = await openOnWire(address, { create: false });
      onTestFinished(() => store.close());
      expect(`${store.ledgerId}\n`).toBe(made[0]?.stdout);
      expect((await allRecords(store)).map((text) => text.slice(2)).sort()).toEqual([
        'test-of-1/0 record 1',
        'test-of-2/0 record 2',
      ]);
    },
  );

  test('keeps ledgers with prefixes of their own apart', async () => {
    const { url } = await started();
    const open = async (prefix: string) => {
      const store = await openOnWire(`${url}&prefix=${prefix}`);
      onTestFinished(() => store.close());
      return store;
    };
    // One prefix begins like the other.
    const [one, two] = await Promise.all([open('team'), open('team2')]);
    await one.append(request('a', -1, [record(1)]));
    await two.append(request('a', -1, [record(1), record(2)]));
    expect(await allRecords(one)).toEqual(['0 test-a/0 record 1']);
    expect(await allRecords(two)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
    expect(one.ledgerId).not.toBe(two.ledgerId);
  });

  test('follows a cluster to its leader, also to the next one', async () => {
    const cluster = await startWireCluster();
    onTestFinished(() => cluster.stop());
    const store = await openOnWire(cluster.url);
    onTestFinished(() => store.close());
    for (let index = 0; index < 9; index += 1) {
      if (index % 3 === 0) cluster.elect((index / 3) % 3);
      await store.append(request('a', index - 1, [record(index)]));
    }
    cluster.elect(1);
    await cluster.kill(0);
    await store.append(request('a', 8, [record(9)]));
    expect(await store.lastRevision(stream('a'))).toBe(9);
  });
});
