import type { Transform } from 'node:stream';
import type { ConnectionSettings } from '../connection-settings.ts';
import type {
  Appended,
  ExpectedRevision,
  GroupInfo,
  GroupMessage,
  GroupSettings,
  LogClient,
  LogEvent,
  LogFilter,
  LogNews,
  LogPosition,
  NewLogEvent,
  PageOfLog,
  PageOfStream,
  StreamMetadata,
} from '../log-client.ts';
import { CallsUnderWay, disposed } from './calls-under-way.ts';
import { clientOptions } from './client-options.ts';
import { Connection } from './connection.ts';
import { groupSettings, toGroupInfo } from './group-words.ts';
import { guardTransform } from './guard-client.ts';
import { type ForeignSubscription, liveItems } from './live-items.ts';
import { type ForeignRead, readPage } from './read-page.ts';
import { fromMetadata, toMetadata } from './stream-metadata.ts';
import { takeEvents } from './take-events.ts';
import { type ForeignEvent, toLogEvent, toLogPosition } from './to-log-event.ts';

type Library = typeof import('@eventstore/db-client');
type LibraryClient = InstanceType<Library['EventStoreDBClient']>;

/** Time limit of an answer to a message. */
const answerTimeoutMs = 5_000;
/** A checkpoint after so many events that a filter left out. */
const checkpointEvents = 32 * 32;

/**
 * The one implementation of `LogClient`, over `@eventstore/db-client`: the file to write anew for its successor, which cannot
 * live in one process with it. The library is loaded here and only now, so that whoever keeps a ledger in a file never loads it.
 * Nothing is sent before the first call.
 */
export async function openDbClient(settings: ConnectionSettings): Promise<LogClient> {
  return new DbClient(await import('@eventstore/db-client'), settings);
}

class DbClient implements LogClient {
  readonly address: string;
  readonly #library: Library;
  readonly #calls = new CallsUnderWay();
  readonly #connection: Connection<LibraryClient>;

  constructor(library: Library, settings: ConnectionSettings) {
    this.address = settings.shown;
    this.#library = library;
    const [options, security, credentials] = clientOptions(settings);
    const { EventStoreDBClient } = library;
    this.#connection = new Connection(
      () => new EventStoreDBClient(options as never, security as never, credentials),
    );
  }

  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewLogEvent[],
    timeoutMs: number,
  ): Promise<Appended> {
    return this.#calls.run('an append', timeoutMs, async () => {
      const client = await this.#connection.knowing(timeoutMs);
      const exact = expected === 'any' || expected >= 0 ? expected : 'no_stream';
      const expectedRevision = typeof exact === 'number' ? BigInt(exact) : exact;
      const data = events.map((event) => ({
        id: event.id,
        contentType: 'application/octet-stream' as const,
        type: event.type,
        data: plainBytes(event.data),
        metadata: plainBytes(event.metadata),
      }));
      const result = await client.appendToStream(stream, data, {
        expectedRevision,
        requiresLeader: true,
        // Our own timer first, so that a message says what was asked.
        deadline: timeoutMs + 250,
      });
      return { revision: Number(result.nextExpectedRevision), position: toLogPosition(result.position) };
    });
  }

  readStream(stream: string, page: PageOfStream, timeoutMs: number): Promise<readonly LogEvent[]> {
    return readPage(this.#calls, `reading "${stream}"`, timeoutMs, () =>
      takeEvents<ReadablePage>(
        this.#connection.client.readStream(stream, {
          fromRevision: page.from === 'end' ? 'end' : BigInt(page.from),
          direction: page.direction,
          maxCount: page.countMax,
          requiresLeader: true,
        }),
      ),
    );
  }

  readAll(page: PageOfLog, timeoutMs: number): Promise<readonly LogEvent[]> {
    return readPage(this.#calls, 'reading the log', timeoutMs, () =>
      takeEvents<ReadablePage>(
        this.#connection.client.readAll({
          fromPosition: page.from,
          direction: page.direction,
          maxCount: page.countMax,
          requiresLeader: true,
        }),
      ),
    );
  }

  async *follow(
    filter: LogFilter,
    after: LogPosition | 'start',
    signal: AbortSignal,
    silenceMsMax: number | null,
  ): AsyncGenerator<LogNews> {
    if (this.#calls.disposed) throw disposed();
    const checkpoint = {
      checkpointInterval: checkpointEvents / 32,
      // Put among the events, because what the library calls back for overtakes events that are still to be read.
      checkpointReached: async (subscription: { push(item: LogNews): boolean }, position: LogPosition) => {
        subscription.push({ kind: 'checkpoint', position });
      },
    };
    const wanted =
      'streamPrefixes' in filter
        ? this.#library.streamNameFilter({ prefixes: [...filter.streamPrefixes], ...checkpoint } as never)
        : this.#library.eventTypeFilter({ prefixes: [...filter.typePrefixes], ...checkpoint } as never);
    const subscription = takeEvents<LiveTransform>(
      this.#connection.client.subscribeToAll({ fromPosition: after, filter: wanted }),
    );
    subscription.on('caughtUp', () => subscription.push({ kind: 'caught up' }));
    const items = liveItems<LogNews | { readonly event: LogEvent }>(subscription, signal, silenceMsMax);
    for await (const item of items) yield 'kind' in item ? item : { kind: 'event', event: item.event };
  }

  async readMetadata(stream: string, timeoutMs: number): Promise<StreamMetadata | null> {
    const page = { from: 'end', direction: 'backwards', countMax: 1 } as const;
    const [event] = await this.readStream(this.#library.metastreamOf(stream), page, timeoutMs);
    return event === undefined ? null : toMetadata(event.data);
  }

  async writeMetadata(stream: string, metadata: StreamMetadata, timeoutMs: number): Promise<void> {
    await this.#calls.run('writing metadata', timeoutMs, async () => {
      const client = await this.#connection.knowing(timeoutMs);
      const options = { requiresLeader: true, deadline: timeoutMs };
      await client.setStreamMetadata(stream, fromMetadata(metadata), options);
    });
  }

  async tombstone(stream: string, timeoutMs: number): Promise<void> {
    await this.#calls.run('a deletion', timeoutMs, () =>
      this.#connection.client.tombstoneStream(stream, { requiresLeader: true, deadline: timeoutMs }),
    );
  }

  async createGroup(
    stream: string,
    group: string,
    settings: GroupSettings,
    timeoutMs: number,
  ): Promise<void> {
    await this.#calls.run('making a group', timeoutMs, () =>
      this.#connection.client
        .createPersistentSubscriptionToStream(
          stream,
          group,
          this.#library.persistentSubscriptionToStreamSettingsFromDefaults(groupSettings(settings)),
          { deadline: timeoutMs },
        )
        .catch(unless('persistent-subscription-exists')),
    );
  }

  async *joinGroup(
    stream: string,
    group: string,
    inFlightMax: number,
    signal: AbortSignal,
  ): AsyncGenerator<GroupMessage> {
    if (this.#calls.disposed) throw disposed();
    const subscription = this.#connection.client.subscribeToPersistentSubscriptionToStream(stream, group, {
      bufferSize: inFlightMax,
      requiresLeader: true,
    });
    const guarded = guardTransform(subscription as unknown as LiveTransform);
    type Message = { readonly event?: ForeignEvent; readonly retryCount: number };
    for await (const message of liveItems<Message>(guarded, signal, null)) {
      if (message.event === undefined) continue;
      const given = message as unknown as Parameters<typeof subscription.ack>[0];
      yield {
        event: toLogEvent(message.event),
        retries: message.retryCount,
        acknowledge: () => this.#calls.run('an answer', answerTimeoutMs, () => subscription.ack(given)),
        refuse: (action, reason) =>
          this.#calls.run('an answer', answerTimeoutMs, () => subscription.nack(action, reason, given)),
      };
    }
  }

  groupInfo(stream: string, group: string, timeoutMs: number): Promise<GroupInfo | null> {
    return this.#calls.run('asking for a group', timeoutMs, async () => {
      const client = await this.#connection.knowing(timeoutMs);
      const info = await client
        .getPersistentSubscriptionToStreamInfo(stream, group, { deadline: timeoutMs })
        .catch(unless('persistent-subscription-does-not-exist'));
      return info === undefined ? null : toGroupInfo(info);
    });
  }

  async deleteGroup(stream: string, group: string, timeoutMs: number): Promise<void> {
    await this.#calls.run('removing a group', timeoutMs, () =>
      this.#connection.client
        .deletePersistentSubscriptionToStream(stream, group, { deadline: timeoutMs })
        .catch(unless('persistent-subscription-does-not-exist')),
    );
  }

  async dispose(): Promise<void> {
    this.#calls.dispose();
    await this.#connection.dispose();
  }
}

type ReadablePage = ForeignRead & Transform;
type LiveTransform = ForeignSubscription & Transform;

/** Takes one error of the library for an answer; all others stay errors. */
function unless(type: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as { readonly type?: string }).type === type) return undefined;
    throw error;
  };
}

/** The library takes a Node `Buffer` of metadata for an object and writes it as JSON. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
