import type { Duplex, Transform, TransformCallback } from 'node:stream';
import { LogFailure } from '../log-client.ts';

/** A client of gRPC for one service. */
type Service = Readonly<Record<PropertyKey, unknown>>;
type Call = (...args: readonly unknown[]) => unknown;
type MakeStream = (service: Service) => Duplex;

/** What the library's client does inside, as far as it is mended here. */
interface Inside {
  execute: (service: unknown, name: string, action: (service: Service) => unknown) => unknown;
  GRPCStreamCreator: (service: unknown, name: string, make: MakeStream, cache?: object) => unknown;
  handleError: (service: Service, error: unknown) => Promise<void>;
  createChannel: () => Promise<Channel>;
}

interface Channel {
  close(): void;
}

/** An error of gRPC: what the server says beyond the status is in its trailers. */
type StatusError = Error & {
  readonly code?: number;
  readonly details?: string;
  readonly metadata?: { get?(key: string): readonly unknown[] };
};

/**
 * Mends a client of the library where a fault of server or network would otherwise escape from it as an unhandled rejection or
 * an uncaught exception, or keep a call waiting for ever:
 *
 * - a reply to an append that nobody waits for, and trailers that lack what the library reads from them, throw inside it;
 * - reconnecting, and writing to a stream that fails while it is full, reject promises that nobody holds;
 * - a stream of appends that the server ends politely, or answers no more, is written to for ever;
 * - the question for the server's features has no time limit, and a channel is never closed.
 *
 * @returns closes all channels that were made, now and later
 */
export function guardClient(client: object, featuresTimeoutMs: number): () => void {
  const inside = client as Inside;
  const { execute, GRPCStreamCreator: createStream, handleError, createChannel } = inside;
  const channels = new Set<Channel>();
  let closed = false;

  inside.execute = (service, name, action) =>
    execute(service, name, (given) => action(guardService(given, featuresTimeoutMs)));

  inside.GRPCStreamCreator = (service, name, make, cache) => {
    const guarded: MakeStream = (given) => {
      const stream = guardErrors(make(given));
      // Only the stream of appends is kept between calls.
      return cache === undefined ? stream : guardAppends(stream);
    };
    return createStream(service, name, guarded, cache);
  };

  inside.handleError = async (service, error) => {
    await handleError(service, wellFormed(error)).catch(() => undefined);
  };

  inside.createChannel = async () => {
    const channel = await createChannel();
    if (closed) channel.close();
    else channels.add(channel);
    return channel;
  };

  return () => {
    closed = true;
    for (const channel of channels) channel.close();
    channels.clear();
  };
}

/** A message that the library cannot take apart ends this one stream with an error, instead of the process. */
export function guardTransform<Stream extends Transform>(stream: Stream): Stream {
  const transform = stream._transform.bind(stream) as (...args: readonly unknown[]) => unknown;
  stream._transform = (message: unknown, encoding: BufferEncoding, next: TransformCallback): void => {
    void Promise.try(() => transform(message, encoding, next)).catch((error: unknown) => {
      next(error instanceof Error ? error : new Error(String(error)));
    });
  };
  return stream;
}

function guardService(service: Service, featuresTimeoutMs: number): Service {
  return new Proxy(service, {
    get(target, key) {
      const member = target[key];
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as Call;
      return (...args: readonly unknown[]) => {
        const given = args.map((arg) => (typeof arg === 'function' ? guardCallback(arg as Call) : arg));
        if (key === 'getSupportedMethods') {
          const [request, callback] = given;
          return call(request, { deadline: new Date(Date.now() + featuresTimeoutMs) }, callback);
        }
        const result = call(...given);
        return key === 'append' ? neverFull(result as Duplex) : result;
      };
    },
  });
}

function guardCallback(callback: Call): Call {
  return (error, ...rest) => callback(error == null ? error : wellFormed(error), ...rest);
}

function guardErrors(stream: Duplex): Duplex {
  const emit = stream.emit.bind(stream) as Call;
  stream.emit = (name: string | symbol, ...args: readonly unknown[]): boolean =>
    emit(name, ...(name === 'error' ? [wellFormed(args[0])] : args)) as boolean;
  return stream;
}

/** A server answers an append within some seconds, if only that it could not commit it in time. */
const appendsSilenceMsMax = 5_000;

function guardAppends(stream: Duplex): Duplex {
  endWhenSilent(stream, appendsSilenceMsMax);
  for (const listener of stream.listeners('data')) {
    stream.on('data', (reply: unknown) => {
      try {
        (listener as Call)(reply);
      } catch {
        // An answer to something that nobody asked, or asked no more: whoever waits for another one goes on waiting.
      }
    });
    stream.off('data', listener as (reply: unknown) => void);
  }
  stream.on('end', () => stream.destroy(new Error('the server ended the stream of appends')));
  return neverFull(stream);
}

/** Ends a stream, on the wire too, on which nothing at all came back for so long after something was written. */
function endWhenSilent(stream: Duplex & { cancel?(): void }, silenceMsMax: number): void {
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const write = stream.write.bind(stream) as Call;
  stream.write = (...args: readonly unknown[]): boolean => {
    timer ??= setTimeout(() => stream.cancel?.(), silenceMsMax).unref();
    return write(...args) as boolean;
  };
  for (const name of ['data', 'error', 'close'] as const) stream.on(name, heard);
}

/**
 * What waits for room in a stream waits for ever when the stream fails, or rejects where nobody looks. How much is under way at
 * once is bounded by whoever calls.
 */
function neverFull(stream: Duplex): Duplex {
  const write = stream.write.bind(stream) as Call;
  stream.write = (...args: readonly unknown[]): boolean => {
    write(...args);
    return true;
  };
  return stream;
}

const neededTrailers: Readonly<Record<string, readonly string[]>> = {
  'not-leader': ['leader-endpoint-host', 'leader-endpoint-port'],
  'stream-deleted': ['stream-name'],
  'wrong-expected-version': ['stream-name', 'expected-version'],
  'maximum-append-size-exceeded': ['maximum-append-size'],
  'scavenge-not-found': ['scavenge-id'],
  'missing-required-metadata-property': ['required-metadata-properties'],
};

const unavailable = 14;
/**
 * What the library takes for a wish of its caller and swallows, so that a read ends as if there were no more events. It is also
 * what happens to all that is under way when a channel is closed after a failure. Whoever wished for it listens no more. It
 * becomes an error without a status of gRPC, because that would make the library close the next channel, too.
 */
const cancelledHere = 'Cancelled on client';

/** The same error without what the library would stumble over; a leader that nobody knows is one that cannot be reached. */
function wellFormed(error: unknown): unknown {
  if (!(error instanceof Error)) return new Error(String(error));
  const { metadata, message, code, details = '' } = error as StatusError;
  if (details === cancelledHere) {
    return new LogFailure('unreachable', 'the connection was closed meanwhile', { cause: error });
  }
  const exception = String(metadata?.get?.('exception')[0] ?? '');
  const complete = (neededTrailers[exception] ?? []).every((key) => (metadata?.get?.(key).length ?? 0) > 0);
  if (complete) return error;
  const status = exception === 'not-leader' ? unavailable : code;
  return Object.assign(new Error(message, { cause: error }), { code: status, details });
}
