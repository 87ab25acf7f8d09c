import { Client, credentials } from '@grpc/grpc-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identifier } from './batch-answer.ts';
import type { FaultRule } from './faults.ts';
import { Empty, StreamsService, shared, streams } from './protocol.ts';
import { idOf } from './wire-client.ts';
import { startWireServer } from './wire-server.ts';

function uuid(text: string): InstanceType<typeof shared.UUID> {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

/** One piece of an append; the first one says for which stream. */
function piece(correlation: string, number: number, isFirst: boolean, isFinal: boolean) {
  const proposed = new streams.BatchAppendReq.ProposedMessage();
  proposed.setId(uuid(idOf(number)));
  proposed.getMetadataMap().set('type', 'Tested').set('content-type', 'application/octet-stream');
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(uuid(correlation));
  request.setProposedMessagesList([proposed]);
  request.setIsFinal(isFinal);
  if (isFirst) {
    const options = new streams.BatchAppendReq.Options();
    options.setStreamIdentifier(identifier('a'));
    options.setNoStream(new Empty());
    request.setOptions(options);
  }
  return request;
}

/**
 * A batch stream without the client: two of its faults it cannot take. A reply under an unknown id, or a second one, throws in
 * its handler, which is an unhandled rejection, and all later appends on that stream stay pending.
 */
async function batchStream(rules: readonly FaultRule[]) {
  const server = await startWireServer();
  await server.setFaults(rules);
  const client = new Client(`${server.host}:${server.port}`, credentials.createInsecure());
  onTestFinished(async () => {
    client.close();
    await server.stop();
  });
  const { path, requestSerialize, responseDeserialize } = StreamsService.batchAppend;
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const replies: string[] = [];
  call.on('error', () => {});
  call.on('data', (reply: InstanceType<typeof streams.BatchAppendResp>) => {
    replies.push(`${reply.getCorrelationId()?.getString()} ${reply.getSuccess()?.getCurrentRevision()}`);
  });
  return { server, call, replies };
}

const [ONE, OTHER] = [idOf(100), idOf(200)];

test('an append may come in several pieces, and others in between', async () => {
  const { call, replies } = await batchStream([]);
  call.write(piece(ONE, 0, true, false));
  call.write(piece(OTHER, 9, false, true));
  call.write(piece(ONE, 1, false, true));
  await vi.waitFor(() => expect(replies).toEqual([`${ONE} 1`]));
});

test('a duplicate reply is two equal replies', async () => {
  const { server, call, replies } = await batchStream([{ operation: 'append', fault: 'duplicate reply' }]);
  call.write(piece(ONE, 0, true, true));
  await vi.waitFor(() => expect(replies).toEqual([`${ONE} 0`, `${ONE} 0`]));
  expect(await server.faultCounts()).toEqual({ 'batch append: duplicate reply': 1 });
});

test('a reply under an unknown id is a success that nobody asked for', async () => {
  const { server, call, replies } = await batchStream([
    { operation: 'append', fault: 'unknown correlation id' },
  ]);
  call.write(piece(ONE, 0, true, true));
  await vi.waitFor(() => expect(replies.length).toBe(1));
  expect(replies[0]).toMatch(/^[0-9a-f-]{36} 0$/);
  expect(replies[0]).not.toContain(ONE);
  expect(await server.faultCounts()).toEqual({ 'batch append: unknown correlation id': 1 });
});

test('a call that the server has ended ends, whatever was to be said on it behind', async () => {
  const { call } = await batchStream([
    { operation: 'batch append', fault: 'half-close', calls: [2] },
    { operation: 'batch append', fault: 'bad frame', calls: [3] },
  ]);
  const ended = new Promise((resolve) => call.once('status', ({ code }) => resolve(code)));
  for (const number of [100, 200, 300]) call.write(piece(idOf(number), number, true, true));
  expect(await ended).toBe(0);
});
