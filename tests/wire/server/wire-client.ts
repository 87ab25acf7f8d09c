import { setTimeout } from 'node:timers/promises';
import { type BinaryEventType, binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { onTestFinished } from 'vitest';
import { startWireServer, type WireServer, type WireServerOptions } from './wire-server.ts';

/** A client for a test, disposed of at its end. */
export function wireClient(url: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(url);
  onTestFinished(() => disposed(client));
  return client;
}

/** A server in this process and a client of it, both for one test. */
export async function wirePair(
  options: WireServerOptions = {},
): Promise<{ readonly server: WireServer; readonly client: EventStoreDBClient }> {
  const server = await startWireServer(options);
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(async () => {
    // In this order: a batch stream that breaks fails the pending appends of every client in the process, so none may break late.
    await disposed(client);
    await server.stop();
  });
  return { server, client };
}

const DISPOSAL_MS_MAX = 500;

/** The client's own disposal waits for ever for a batch stream that the server has ended politely. */
async function disposed(client: EventStoreDBClient): Promise<void> {
  const stop = new AbortController();
  const limit = setTimeout(DISPOSAL_MS_MAX, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([client.dispose(), limit]);
  stop.abort();
}

/** The id of the event with a number: the same for the same number. */
export function idOf(number: number): string {
  return `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A small event with a number, for its id and its contents. */
export function event(number: number, type = 'Tested'): ReturnType<typeof binaryEvent<BinaryEventType>> {
  return binaryEvent({ id: idOf(number), type, data: Buffer.from(`event ${number}`) });
}
