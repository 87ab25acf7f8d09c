import type { z } from 'zod';
import { sha256Bytes } from '../../../../kernel/digest.ts';
import { eventUuid } from '../event-uuid.ts';
import { coded, failedAs } from '../ledger-failure.ts';
import type { ExpectedRevision, LogClient, LogEvent, NewLogEvent } from '../log-client.ts';
import type { Patience } from '../patience.ts';

const noMetadata = new Uint8Array(0);
/** Events per read. */
const pageEvents = 500;

/** An event before it has a stream. The key makes its id: the same key in the same stream is the same event. */
export interface QueueEvent {
  readonly key: string;
  readonly data: unknown;
}

/** `deleted`: the stream was, for good. */
export type WriteOutcome = { readonly revision: number } | 'beaten' | 'deleted';

/** Reads and writes of the queue: tried again for a while, and then failing with a coded error. */
export class QueueLog {
  readonly client: LogClient;
  readonly #address: string;
  readonly #type: string;
  readonly #patience: Patience;

  constructor(client: LogClient, address: string, type: string, patience: Patience) {
    this.client = client;
    this.#address = address;
    this.#type = type;
    this.#patience = patience;
  }

  /**
   * `beaten`: the stream is at another revision. After a failure that leaves open what became of it, the same append is issued
   * again, which stores it once.
   */
  async write(
    stream: string,
    expected: ExpectedRevision,
    events: readonly QueueEvent[],
  ): Promise<WriteOutcome> {
    const made = events.map((event) => this.#event(stream, event));
    let tries = 0;
    return this.call(async (timeoutMs) => {
      tries += 1;
      try {
        const { revision } = await this.client.append(stream, expected, made, timeoutMs);
        return { revision };
      } catch (error) {
        if (failedAs(error, 'deleted')) return 'deleted';
        if (!failedAs(error, 'wrong revision') || expected === 'any') throw error;
        return tries === 1 ? 'beaten' : this.#ownOrBeaten(stream, expected, made, timeoutMs);
      }
    });
  }

  /** The last event, null for an empty stream, `deleted` for one that is gone for good. */
  async last(stream: string): Promise<LogEvent | null | 'deleted'> {
    const page = { from: 'end', direction: 'backwards', countMax: 1 } as const;
    const events = await this.#read((timeoutMs) => this.client.readStream(stream, page, timeoutMs));
    return events === 'deleted' ? events : (events[0] ?? null);
  }

  /** Up to `pageEvents` events from a revision on, and whether there may be more. */
  async page(
    stream: string,
    from: number,
  ): Promise<{ readonly events: readonly LogEvent[]; readonly more: boolean } | 'deleted'> {
    const page = { from, direction: 'forwards', countMax: pageEvents } as const;
    const events = await this.#read((timeoutMs) => this.client.readStream(stream, page, timeoutMs));
    return events === 'deleted' ? events : { events, more: events.length === pageEvents };
  }

  /** Any call of the client that may be done twice. */
  call<Result>(action: (timeoutMs: number) => Promise<Result>): Promise<Result> {
    return coded(this.#address, () => this.#patience.retry(() => action(this.#patience.callTimeoutMs)));
  }

  #read(read: (timeoutMs: number) => Promise<readonly LogEvent[]>): Promise<readonly LogEvent[] | 'deleted'> {
    return this.call(async (timeoutMs) => {
      try {
        return await read(timeoutMs);
      } catch (error) {
        if (failedAs(error, 'deleted')) return 'deleted';
        throw error;
      }
    });
  }

  /** Whether what lies at the place of an append is that append, whose answer was lost. */
  async #ownOrBeaten(
    stream: string,
    expected: number,
    made: readonly NewLogEvent[],
    timeoutMs: number,
  ): Promise<WriteOutcome> {
    const page = { from: expected + 1, direction: 'forwards', countMax: made.length } as const;
    const stored = await this.client.readStream(stream, page, timeoutMs);
    const own = made.every(({ id }, index) => stored[index]?.id === id);
    return own ? { revision: expected + made.length } : 'beaten';
  }

  #event(stream: string, { key, data }: QueueEvent): NewLogEvent {
    return {
      id: eventUuid(sha256Bytes(`${stream}\n${key}`)),
      type: this.#type,
      data: new TextEncoder().encode(JSON.stringify(data)),
      metadata: noMetadata,
    };
  }
}

/** What an event of the queue says; null for one that is not of this version, or of somebody else. */
export function readEvent<Schema extends z.ZodType>(
  event: LogEvent,
  schema: Schema,
): z.output<Schema> | null {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(event.data)));
  } catch {
    return null;
  }
}
