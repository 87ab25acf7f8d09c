/** Where an event lies in the log of the whole database. Ordered by `commit`, then `prepare`. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event on its way in. Bytes are those that are stored; nothing is encoded later. */
export interface NewLogEvent {
  /** A UUID in lower case. */
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as the server has it. */
export interface LogEvent {
  readonly stream: string;
  /** 0-based place in its stream. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Null where the server did not say (a persistent subscription to one stream). */
  readonly position: LogPosition | null;
}

/** -1: the stream must not exist. `any`: for what is no history. */
export type ExpectedRevision = number | 'any';

export interface Appended {
  readonly revision: number;
  readonly position: LogPosition | null;
}

export interface PageOfStream {
  /** `end` with `backwards`: the newest first. */
  readonly from: number | 'end';
  readonly direction: 'forwards' | 'backwards';
  readonly countMax: number;
}

export interface PageOfLog {
  readonly from: LogPosition | 'start' | 'end';
  readonly direction: 'forwards' | 'backwards';
  readonly countMax: number;
}

/** Which events a following sees; the server leaves out the others. */
export type LogFilter =
  | { readonly streamPrefixes: readonly string[] }
  | { readonly typePrefixes: readonly string[] };

export type LogNews =
  | { readonly kind: 'event'; readonly event: LogEvent }
  /** All that matches up to here has been sent. */
  | { readonly kind: 'checkpoint'; readonly position: LogPosition }
  /** From now on what comes is new. Old servers do not say so. */
  | { readonly kind: 'caught up' };

export interface StreamMetadata {
  readonly maxCount: number | null;
  readonly maxAgeSeconds: number | null;
  readonly truncateBefore: number | null;
}

export interface GroupSettings {
  /** How long a message may be with a consumer before the server gives it to another. */
  readonly messageTimeoutMs: number;
  readonly retriesMax: number;
}

export interface GroupInfo {
  /** Messages that are with consumers now. */
  readonly inFlight: number;
  readonly parked: number;
  readonly consumers: number;
  /** Revision of the last message that is done with, and of the last one known; null where there is none. */
  readonly checkpointed: number | null;
  readonly known: number | null;
}

/** A message of a persistent subscription, until it is answered or its time is up. */
export interface GroupMessage {
  readonly event: LogEvent;
  readonly retries: number;
  acknowledge(): Promise<void>;
  /** `retry`: somebody else may have it at once. */
  refuse(action: 'retry' | 'park' | 'skip', reason: string): Promise<void>;
}

/**
 * What the store needs of a client for the log database, in our own words: `db-client/` is the one implementation, and the one
 * place to change for the successor of the library. Every call has a time limit of its own; every failure is a `LogFailure`;
 * no call leaves anything open behind it, and none retries.
 */
export interface LogClient {
  /** For people, without credentials. */
  readonly address: string;
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewLogEvent[],
    timeoutMs: number,
  ): Promise<Appended>;
  /** At most `countMax` events; none for a stream that does not exist. A deleted stream is `deleted`. */
  readStream(stream: string, page: PageOfStream, timeoutMs: number): Promise<readonly LogEvent[]>;
  readAll(page: PageOfLog, timeoutMs: number): Promise<readonly LogEvent[]>;
  /**
   * What matches a filter behind a position, then what comes, until the signal is aborted (it then ends without an error).
   * `silenceMsMax`: fails as `timeout` when nothing at all, not even a checkpoint, has come at the start for so long; null where
   * silence is as good as news.
   */
  follow(
    filter: LogFilter,
    after: LogPosition | 'start',
    signal: AbortSignal,
    silenceMsMax: number | null,
  ): AsyncIterable<LogNews>;
  readMetadata(stream: string, timeoutMs: number): Promise<StreamMetadata | null>;
  writeMetadata(stream: string, metadata: StreamMetadata, timeoutMs: number): Promise<void>;
  /** For good: the name cannot be used again. */
  tombstone(stream: string, timeoutMs: number): Promise<void>;
  /** Idempotent. Persistent subscription to one stream, from its beginning. */
  createGroup(stream: string, group: string, settings: GroupSettings, timeoutMs: number): Promise<void>;
  /** Messages as this consumer gets them, at most `inFlightMax` unanswered, until the signal is aborted. */
  joinGroup(
    stream: string,
    group: string,
    inFlightMax: number,
    signal: AbortSignal,
  ): AsyncIterable<GroupMessage>;
  /** Null when there is no such group. */
  groupInfo(stream: string, group: string, timeoutMs: number): Promise<GroupInfo | null>;
  /** Idempotent. */
  deleteGroup(stream: string, group: string, timeoutMs: number): Promise<void>;
  /** Everything under way fails; afterwards nothing of the client keeps the process alive. Idempotent. */
  dispose(): Promise<void>;
}

/** How a call failed, as far as it decides what to do next. */
export type LogFailureKind =
  /** Not stored: the stream is at `actual` (-1: there is none). */
  | 'wrong revision'
  /** The stream was deleted; a tombstone is for good. */
  | 'deleted'
  /** Not stored: more than the server takes at once. */
  | 'too large'
  /** Wrong password, no right to do that. */
  | 'denied'
  /** The certificate of the server, or of the client, does not hold. */
  | 'certificate'
  /** Whoever answered does not speak the protocol. */
  | 'not this protocol'
  /** Nobody answers at the address, the connection broke, or there is no leader. Whether an append was stored is unknown. */
  | 'unreachable'
  /** No answer in time. Whether an append was stored is unknown. */
  | 'timeout'
  /** The node takes no writes. */
  | 'read-only'
  | 'disposed'
  /** Anything else. Whether an append was stored is unknown. */
  | 'other';

export class LogFailure extends Error {
  readonly kind: LogFailureKind;
  /** With `wrong revision`, where the server said it. */
  readonly actual: number | null;

  constructor(kind: LogFailureKind, message: string, options: { actual?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'LogFailure';
    this.kind = kind;
    this.actual = options.actual ?? null;
  }
}
