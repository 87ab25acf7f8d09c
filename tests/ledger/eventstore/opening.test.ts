import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { basename } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import { makeCertificate } from '../../wire/server/certificates.ts';
import { startWireCluster } from '../../wire/server/cluster.ts';
import { startWireServer, type WireServerOptions } from '../../wire/server/wire-server.ts';
import { allRecords, blob, record, request, stream } from '../record-factory.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openOnWire, testTimings } from './ledger-on-wire.ts';

/** What a server with TLS is started with, and the parameter by which a client trusts whoever vouches for it. */
function certified(days: number) {
  const { authorityFile, ...tls } = makeCertificate(temporaryDirectory(), { name: 'IP:127.0.0.1', days });
  return { tls, trust: `&tlsCAFile=${encodeURIComponent(authorityFile)}` };
}

async function started(
  options: WireServerOptions = {},
): Promise<{ readonly port: number; readonly url: string }> {
  const server = await startWireServer(options);
  onTestFinished(() => server.stop());
  return server;
}

/** Code and message of an opening that fails, without what differs from run to run. */
async function refusal(address: string, options: Parameters<typeof openOnWire>[1] = {}): Promise<string> {
  const error = await openOnWire(address, {
    timings: { ...testTimings, openPatienceMs: 200 },
    ...options,
  }).then(
    (store) => store.close(),
    (cause: unknown) => cause,
  );
  if (!isPawlError(error)) throw new Error(`It was opened, or failed otherwise: ${String(error)}`);
  return `${error.code}: ${error.message}`
    .replaceAll(/:\d{4,5}\b/g, ':PORT')
    .replace(/(?<=tlsCAFile=)[^&]*/, (file) => basename(decodeURIComponent(file)))
    .replaceAll(/[0-9a-f]{32}/gi, 'HEX');
}

describe('opening says what is wrong', () => {
  const users = {
    ops: { password: 'right', mayWrite: true },
    reader: { password: 'right', mayWrite: false },
  };

  test('when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    expect(await refusal(`esdb://127.0.0.1:${port}?tls=false`)).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://127.0.0.1:PORT?tls=false does not answer (connect ECONNREFUSED 127.0.0.1:PORT). Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when the host has no address', async () => {
    expect(await refusal('esdb://nowhere.invalid:2113?tls=false')).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://nowhere.invalid:PORT?tls=false does not answer (Name resolution failed for target dns:nowhere.invalid:PORT). Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when somebody listens who never answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const timings = { ...testTimings, callTimeoutMs: 300, openPatienceMs: 200 };
    expect(await refusal(`esdb://127.0.0.1:${port}?tls=false`, { timings })).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://127.0.0.1:PORT?tls=false did not answer in time (reading "pawl:ledger" had no answer within 300 ms). Check that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when a web server answers', async () => {
    const server = createHttpServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await refusal(`esdb://127.0.0.1:${port}?tls=false`)).toMatchInlineSnapshot(
      `"LEDGER_NOT_EVENTSTORE: esdb://127.0.0.1:PORT?tls=false does not speak the protocol of EventStoreDB (Protocol error). Check host and port, and whether the server uses TLS (tls=false in the address when it does not)."`,
    );
  });

  test('when TLS is spoken to a server without', async () => {
    const { port } = await started();
    expect(await refusal(`esdb://127.0.0.1:${port}`)).toMatchInlineSnapshot(
      `"LEDGER_NOT_EVENTSTORE: esdb://127.0.0.1:PORT does not speak the protocol of EventStoreDB (wrong version number). Check host and port, and whether the server uses TLS (tls=false in the address when it does not)."`,
    );
  });

  test('when a server with TLS is spoken to without', async () => {
    const { port } = await started({ tls: certified(5).tls });
    expect(await refusal(`esdb://127.0.0.1:${port}?tls=false`)).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://127.0.0.1:PORT?tls=false does not answer (it closed the connection at once, as a server does that wants TLS). Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when the certificate has expired', async () => {
    const { tls, trust } = certified(-1);
    const { url } = await started({ tls });
    expect(await refusal(`${url}${trust}`)).toMatchInlineSnapshot(
      `"LEDGER_CERTIFICATE: esdb://127.0.0.1:PORT?tls=true&tlsCAFile=ca.pem shows a certificate that does not hold (certificate has expired). Renew it, connect by the name it is made out to, or name its authority (tlsCaFile= in the address)."`,
    );
  });

  test('when nobody vouches for the certificate', async () => {
    const { url } = await started({ tls: certified(5).tls });
    expect(await refusal(url)).toMatchInlineSnapshot(
      `"LEDGER_CERTIFICATE: esdb://127.0.0.1:PORT?tls=true shows a certificate that does not hold (unable to verify the first certificate). Renew it, connect by the name it is made out to, or name its authority (tlsCaFile= in the address)."`,
    );
  });

  test('when the password is wrong, and does not show it', async () => {
    const { tls, trust } = certified(5);
    const { port } = await started({ tls, users });
    const address = `esdb://ops:wrong@127.0.0.1:${port}?tls=true${trust}`;
    expect(await refusal(address)).toMatchInlineSnapshot(
      `"LEDGER_ACCESS_DENIED: esdb://ops:***@127.0.0.1:PORT?tls=true&tlsCAFile=ca.pem does not allow that (Bad credentials). Check user and password in the address (they are sent over TLS only), and what that user may do."`,
    );
  });

  test('when the user may not write', async () => {
    const { tls, trust } = certified(5);
    const { port } = await started({ tls, users });
    const of = (user: string): string => `esdb://${user}:right@127.0.0.1:${port}?tls=true${trust}`;
    expect(await refusal(of('reader'))).toMatchInlineSnapshot(
      `"LEDGER_ACCESS_DENIED: esdb://reader:***@127.0.0.1:PORT?tls=true&tlsCAFile=ca.pem does not allow that (access-denied). Check user and password in the address (they are sent over TLS only), and what that user may do."`,
    );
    const store = await openOnWire(of('ops'));
    onTestFinished(() => store.close());
    await store.append(request('a', -1, [record(1)]));
    const reader = await openOnWire(of('reader'));
    onTestFinished(() => reader.close());
    expect(await allRecords(reader)).toEqual(['0 test-a/0 record 1']);
    await expect(reader.append(request('a', 0, [record(2)]))).rejects.toMatchObject({
      code: 'LEDGER_ACCESS_DENIED',
    });
  });

  test('when the user may not read the whole log: streams are all a worker needs', async () => {
    const { tls, trust } = certified(5);
    const worker = { password: 'right', mayWrite: true, mayReadAll: false };
    const { port } = await started({ tls, users: { worker } });
    const address = `esdb://worker:right@127.0.0.1:${port}?tls=true${trust}`;
    const streams = await openOnWire(address, { scope: 'streams' });
    onTestFinished(() => streams.close());
    await streams.append(request('a', -1, [record(1)], [blob('of a')]));
    expect(await streams.lastRevision(stream('a'))).toBe(0);
    expect(Buffer.from(await streams.getBlob(blob('of a').digest)).toString()).toBe('of a');
    const whole = await openOnWire(address);
    onTestFinished(() => whole.close());
    const refused = await whole.head().catch((error: unknown) => error);
    expect(String(refused).replaceAll(/127\S+/g, 'SERVER')).toMatchInlineSnapshot(
      `"PawlError: esdb://worker:***@SERVER does not allow that (Access Denied, reading $all). What concerns the ledger as a whole is read from $all: let this user read it, or take one who may. Workers need no right to it."`,
    );
    const denied = { code: 'LEDGER_ACCESS_DENIED' };
    await expect(allRecords(whole)).rejects.toMatchObject(denied);
    await expect(whole.append(request('a', 0, [record(2)]))).rejects.toMatchObject(denied);
    const following = whole.subscribe(0, new AbortController().signal)[Symbol.asyncIterator]();
    await expect(following.next()).rejects.toMatchObject(denied);
  });

  test('when the cluster has no leader', async () => {
    const cluster = await startWireCluster();
    onTestFinished(() => cluster.stop());
    cluster.elect(null);
    expect(await refusal(cluster.url)).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://127.0.0.1:PORT,127.0.0.1:PORT,127.0.0.1:PORT?tls=false does not answer (no node of the cluster could be asked, or none leads). Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when a cluster shows a certificate that does not hold', async () => {
    const { tls, trust } = certified(-1);
    const { port } = await started({ tls });
    const address = `esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=true${trust}`;
    expect(await refusal(address)).toMatchInlineSnapshot(
      `"LEDGER_CERTIFICATE: esdb://127.0.0.1:PORT,127.0.0.1:PORT?tls=true&tlsCAFile=ca.pem shows a certificate that does not hold (certificate has expired). Renew it, connect by the name it is made out to, or name its authority (tlsCaFile= in the address)."`,
    );
  });

  test('when the node takes no writes and knows no leader', async () => {
    const server = await startWireServer();
    onTestFinished(() => server.stop());
    await server.setRole('read-only replica', null);
    expect(await refusal(server.url)).toMatchInlineSnapshot(
      `"LEDGER_UNREACHABLE: esdb://127.0.0.1:PORT?tls=false does not answer (the node that was asked does not lead and knows none that does: with a read-only replica alone nothing can be read or written). Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
  });

  test('when there is no ledger, something else, or one of another time', async () => {
    const { url } = await started();
    expect(await refusal(url, { mode: 'read' })).toMatchInlineSnapshot(
      `"LEDGER_NOT_FOUND: esdb://127.0.0.1:PORT?tls=false has no ledger with the prefix "pawl". Check prefix= in the address; pawl start and pawl run create a ledger."`,
    );
    expect(await refusal(url, { create: false })).toMatch(/^LEDGER_NOT_FOUND/);
    const store = await openOnWire(`${url}&prefix=one`);
    onTestFinished(() => store.close());
    const { openDbClient } = await import(
      '../../../src/ledger/stores/eventstore/db-client/open-db-client.ts'
    );
    const { parseEventstoreAddress } = await import('../../../src/ledger/stores/eventstore/address.ts');
    const bare = await openDbClient(parseEventstoreAddress(url).settings);
    onTestFinished(() => bare.dispose());
    const foreign = {
      id: 'a0000000-0000-4000-8000-000000000001',
      type: 'Foreign',
      data: Buffer.from('1'),
      metadata: Buffer.from('{}'),
    };
    await bare.append('two.orders', -1, [foreign], 5_000);
    expect(await refusal(`${url}&prefix=two`)).toMatchInlineSnapshot(
      `"LEDGER_PREFIX_TAKEN: The streams with the prefix "two" in esdb://127.0.0.1:PORT?tls=false&prefix=two hold something, and none says which ledger it is. Choose another prefix= in the address."`,
    );
    await bare.append('three:ledger', -1, [foreign], 5_000);
    expect(await refusal(`${url}&prefix=three`)).toMatchInlineSnapshot(
      `"LEDGER_PREFIX_TAKEN: The streams with the prefix "three" in esdb://127.0.0.1:PORT?tls=false&prefix=three are not those of a ledger. Choose another prefix= in the address."`,
    );
    const newer = { ...foreign, type: 'four-ledger', data: Buffer.from('{"format":2,"ledger":"x"}') };
    await bare.append('four:ledger', -1, [newer], 5_000);
    expect(await refusal(`${url}&prefix=four`)).toMatchInlineSnapshot(
      `"LEDGER_FORMAT_NEWER: esdb://127.0.0.1:PORT?tls=false&prefix=four has a ledger of format 2; this version reads format 1. Upgrade Pawl."`,
    );
  });
});
