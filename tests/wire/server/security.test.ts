import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { type CertificateWish, makeCertificate } from './certificates.ts';
import { event, wireClient } from './wire-client.ts';
import { startWireServer, type WireServer, type WireServerOptions } from './wire-server.ts';

const VALID: CertificateWish = { name: 'IP:127.0.0.1', days: 5 };
const USERS = {
  writer: { password: 'secret:1', mayWrite: true },
  reader: { password: 'secret-2', mayWrite: false },
};

async function secure(wish: CertificateWish, options: WireServerOptions = {}) {
  const { authorityFile, ...tls } = makeCertificate(temporaryDirectory(), wish);
  const server = await startWireServer({ ...options, tls });
  onTestFinished(() => server.stop());
  return { server, authorityFile };
}

function address(server: WireServer, authorityFile: string | null, user = ''): string {
  const at = `esdb://${user}${server.host}:${server.port}?tls=true`;
  return authorityFile === null ? at : `${at}&tlsCAFile=${authorityFile}`;
}

test('over TLS a client whose authority vouches for the server appends and reads', async () => {
  const { server, authorityFile } = await secure(VALID);
  expect(server.url).toBe(`esdb://127.0.0.1:${server.port}?tls=true`);
  const client = wireClient(address(server, authorityFile));
  expect((await client.appendToStream('a', event(0))).nextExpectedRevision).toBe(0n);
});

test.each([
  { what: 'has run out', wish: { ...VALID, days: -1 }, known: true, says: /certificate has expired/ },
  {
    what: 'is for another name',
    wish: { ...VALID, name: 'DNS:example.org' },
    known: true,
    says: /does not match|altnames/,
  },
  { what: 'is vouched for by a stranger', wish: VALID, known: false, says: /unable to (get|verify)/ },
])('a certificate that $what is refused by the client', async ({ wish, known, says }) => {
  const { server, authorityFile } = await secure(wish);
  const client = wireClient(address(server, known ? authorityFile : null));
  await expect(client.appendToStream('a', event(0))).rejects.toThrow(says);
});

test.each([true, false])('users may do what they may (batch appends: %s)', async (batchAppend) => {
  const { server, authorityFile } = await secure(VALID, { users: USERS, batchAppend });
  const as = (user: string) => wireClient(address(server, authorityFile, user));
  const [writer, reader] = [as('writer:secret%3A1@'), as('reader:secret-2@')];
  await writer.appendToStream('a', event(0));
  const read: string[] = [];
  for await (const { event: one } of reader.readStream('a')) read.push(one?.type ?? '');
  expect(read).toEqual(['Tested']);
  const denied = { type: 'access-denied' };
  await expect(reader.appendToStream('a', event(1))).rejects.toMatchObject(denied);
  await expect(reader.deleteStream('a')).rejects.toMatchObject(denied);
  const stranger = as('writer:wrong@');
  await expect(stranger.appendToStream('a', event(1))).rejects.toMatchObject({ ...denied, code: 16 });
  await expect(as('').appendToStream('a', event(1))).rejects.toMatchObject(denied);
});
