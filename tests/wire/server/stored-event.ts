/** An event as a client proposed it. */
export interface ProposedEvent {
  /** A UUID, lower case. */
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event of the log, with the bytes it is answered with. */
export interface StoredEvent {
  /** Byte offset in the log: commit and prepare position at once, as the real server has it for all but explicit transactions. */
  readonly position: number;
  /** Where the next event may start. */
  readonly endPosition: number;
  readonly stream: string;
  /** 0-based; `TOMBSTONE_REVISION` for the last event of a stream that was deleted for good. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly createdMs: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly json: boolean;
  /** The whole answer of a read: a `ReadResp` with the event. */
  readonly frame: Uint8Array;
  /** The `RecordedEvent` within it, for answers that wrap it otherwise. */
  readonly record: Uint8Array;
}

/** Stands for 2^63 - 1, which a number cannot hold exactly. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;
