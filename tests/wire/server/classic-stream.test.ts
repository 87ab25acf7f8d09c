import type { EventStoreDBClient } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { identifier } from './batch-answer.ts';
import { Empty, StreamsService, shared, streams } from './protocol.ts';
import { event as eventOf, idOf, wireClient } from './wire-client.ts';
import { startWireServer } from './wire-server.ts';

function options() {
  const request = new streams.AppendReq();
  const given = new streams.AppendReq.Options();
  given.setStreamIdentifier(identifier('a'));
  given.setNoStream(new Empty());
  request.setOptions(given);
  return request;
}

function event(number: number) {
  const id = new shared.UUID();
  id.setString(idOf(number));
  const proposed = new streams.AppendReq.ProposedMessage();
  proposed.setId(id);
  proposed.getMetadataMap().set('type', 'Tested').set('content-type', 'application/octet-stream');
  const request = new streams.AppendReq();
  request.setProposedMessage(proposed);
  return request;
}

test.for(['cancelled by its caller', 'cut off with its connection'] as const)(
  'a classic append that is %s stores none of its events',
  async (how) => {
    const server = await startWireServer();
    const client = new Client(`${server.host}:${server.port}`, credentials.createInsecure());
    onTestFinished(async () => {
      client.close();
      await server.stop();
    });
    const { path, requestSerialize, responseDeserialize } = StreamsService.append;
    const { promise: failed, resolve } = Promise.withResolvers<number | undefined>();
    const call = client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, (error) =>
      resolve(error?.code),
    );
    call.write(options());
    await new Promise((written) => call.write(event(0), written));
    // An answer to what was asked behind it, over the same connection: by then the server has the beginning.
    const reader = wireClient(server.url);
    await appended(reader, 'before');
    if (how === 'cancelled by its caller') call.cancel();
    else await server.cutConnections();
    expect([1, 14]).toContain(await failed);
    await appended(reader, 'after');
    const names: string[] = [];
    for await (const { event: found } of reader.readAll()) if (found) names.push(found.streamId);
    expect(names).toEqual(['before', 'after']);
  },
);

/** Once or, where the connection breaks under it, again: the same id is stored once. */
async function appended(client: EventStoreDBClient, stream: string): Promise<void> {
  const data = eventOf(stream === 'before' ? 1 : 2);
  await client
    .appendToStream(stream, data)
    .catch(() => client.appendToStream(stream, data, { expectedRevision: 'no_stream' }));
}
