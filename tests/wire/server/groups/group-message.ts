import type { StoredEvent } from '../stored-event.ts';

/** An event on its way through a group. */
export interface GroupMessage {
  /** What the client answers with: the link's for an event that was parked and comes again. */
  readonly id: string;
  readonly event: StoredEvent;
  readonly link: StoredEvent | null;
  readonly retries: number;
  /** Order of first delivery; null for one that was parked, which no checkpoint waits for. */
  readonly sequence: number | null;
  /** Where the checkpoint may stand as long as this one is not done with; null before the first. */
  readonly checkpointBefore: number | null;
}

/** A consumer of a group, as its connection stands for it. */
export interface Consumer {
  readonly connectionName: string;
  readonly peer: string;
  readonly bufferSize: number;
  readonly unanswered: Set<string>;
  delivered: number;
  push(message: GroupMessage): void;
  /** The server ends the subscription: `dropped` or `deleted`. */
  drop(why: 'dropped' | 'deleted'): void;
}

export interface Outstanding {
  readonly message: GroupMessage;
  readonly consumer: Consumer;
  readonly expiresMs: number;
}
