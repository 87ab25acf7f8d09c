import { writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { EventStoreDBClient } from '@eventstore/db-client';

/** What a process asked of the server, by kind of call and kind of stream; written as JSON at the end of the process. */
export interface CountedCalls {
  readonly calls: Readonly<Record<string, { calls: number; events: number; bytes: number }>>;
  /** Processor time of the whole process, milliseconds. */
  readonly cpuMs: number;
}

const calls: Record<string, { calls: number; events: number; bytes: number }> = {};

/** `blob` for `team:blob-1f…`, `records` for `team.episode-…`. */
function kindOf(stream: string): string {
  const parts = /^(\$\$)?[a-z][a-z0-9_]*([.:])([a-z]+)/.exec(stream);
  if (parts === null) return 'log';
  if (parts[1] !== undefined) return 'metadata';
  return parts[2] === '.' ? 'records' : (parts[3] ?? '');
}

function count(call: string, stream: string): { calls: number; events: number; bytes: number } {
  const key = `${call} ${kindOf(stream)}`;
  const counter = calls[key] ?? { calls: 0, events: 0, bytes: 0 };
  calls[key] = counter;
  counter.calls += 1;
  return counter;
}

interface Bytes {
  readonly data?: unknown;
  readonly metadata?: unknown;
}

/** What the protocol adds to an event (id, type, created, position and their tags) is some 120 bytes. */
const envelopeBytes = 120;

function bytesOf({ data, metadata }: Bytes): number {
  const size = (value: unknown): number => (value instanceof Uint8Array ? value.length : 0);
  return size(data) + size(metadata) + envelopeBytes;
}

type Method = (this: unknown, ...args: never[]) => unknown;
const methods = EventStoreDBClient.prototype as unknown as Record<string, Method>;

function wrap(name: string, before: (args: readonly unknown[], result: unknown) => void): void {
  const original = methods[name] as Method;
  methods[name] = function counted(...args) {
    const result = original.apply(this, args);
    before(args, result);
    return result;
  };
}

wrap('appendToStream', ([stream, events]) => {
  const counter = count('append', String(stream));
  for (const event of [events].flat() as Bytes[]) {
    counter.events += 1;
    counter.bytes += bytesOf(event);
  }
});

for (const name of ['readStream', 'readAll', 'subscribeToAll', 'subscribeToPersistentSubscriptionToStream']) {
  wrap(name, ([stream], result) => {
    const counter = count(name, typeof stream === 'string' ? stream : '$all');
    // A listener more sees what the others see; it does not make the stream flow.
    const readable = result as Readable;
    const push = readable.push.bind(readable);
    readable.push = (item: unknown): boolean => {
      const event = (item as { readonly event?: Bytes } | null)?.event;
      if (event !== undefined) {
        counter.events += 1;
        counter.bytes += bytesOf(event);
      }
      return push(item);
    };
    if (name !== 'subscribeToPersistentSubscriptionToStream') return;
    const subscription = result as Record<'ack' | 'nack', Method>;
    for (const answer of ['ack', 'nack'] as const) {
      const original = subscription[answer].bind(subscription);
      subscription[answer] = (...args) => {
        count(answer, String(stream));
        return original(...args);
      };
    }
  });
}

for (const name of ['tombstoneStream', 'setStreamMetadata', 'createPersistentSubscriptionToStream'])
  wrap(name, ([stream]) => count(name, String(stream)));
for (const name of ['deletePersistentSubscriptionToStream', 'getPersistentSubscriptionToStreamInfo'])
  wrap(name, ([stream]) => count(name, String(stream)));

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const counted: CountedCalls = { calls, cpuMs: (user + system) / 1000 };
  writeFileSync(process.env['PAWL_COUNTED_CALLS'] ?? '/dev/null', JSON.stringify(counted));
});
