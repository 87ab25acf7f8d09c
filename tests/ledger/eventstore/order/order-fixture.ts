import { onTestFinished } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { TreeFrontier } from '../../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import type { StoredRecord } from '../../../../src/ledger/event-store.ts';
import { parseEventstoreAddress } from '../../../../src/ledger/stores/eventstore/address.ts';
import { openDbClient } from '../../../../src/ledger/stores/eventstore/db-client/open-db-client.ts';
import { codedFailure } from '../../../../src/ledger/stores/eventstore/ledger-failure.ts';
import type { Appended, LogClient } from '../../../../src/ledger/stores/eventstore/log-client.ts';
import {
  type LedgerOrder,
  openLedgerOrder,
} from '../../../../src/ledger/stores/eventstore/order/ledger-order.ts';
import { holdRecords } from '../../../../src/ledger/stores/eventstore/records/held-record.ts';
import { type TestLedger, testLedger } from '../../../wire/test-ledger.ts';
import { eventId } from '../../record-factory.ts';

const usualTimeoutMs = 5_000;

export interface OrderHere {
  readonly order: LedgerOrder;
  readonly client: LogClient;
  /** What the order had to say. */
  readonly notes: readonly string[];
}

export interface OpenOrderOptions {
  readonly cacheDirectory?: string | null;
  readonly ledgerId?: string;
  readonly patienceMs?: number;
  readonly callTimeoutMs?: number;
  /** Puts something between the order and its client, to count or to break. */
  readonly through?: (client: LogClient) => LogClient;
}

/** A ledger on a server, without a store around it: records go in by the client, orders look at them. */
export class OrderFixture {
  readonly ledger: TestLedger;
  readonly client: LogClient;
  #id = 0;
  #flooded = 0;

  constructor(ledger: TestLedger, client: LogClient) {
    this.ledger = ledger;
    this.client = client;
  }

  static async start(): Promise<OrderFixture> {
    const ledger = await testLedger();
    return new OrderFixture(ledger, await openClient(ledger.address));
  }

  async open(options: OpenOrderOptions = {}): Promise<OrderHere> {
    const { cacheDirectory = null, ledgerId = 'ledger-1', patienceMs = 20_000, through } = options;
    const { callTimeoutMs = usualTimeoutMs } = options;
    const own = await openClient(this.ledger.address);
    const client = through?.(own) ?? own;
    const notes: string[] = [];
    const order = await openLedgerOrder({
      client,
      prefix: this.ledger.prefix,
      ledgerId,
      address: client.address,
      cacheDirectory,
      clock: systemClock,
      random: seededRandom('order'),
      coded: (error) => codedFailure(client.address, error),
      note: (message) => notes.push(message),
      callTimeoutMs,
      patienceMs,
    });
    onTestFinished(() => order.close());
    return { order, client, notes };
  }

  /** Appends texts as records of a stream that is at `expected`. */
  async append(stream: string, expected: number, texts: readonly string[]): Promise<Appended> {
    return this.client.append(
      `${this.ledger.prefix}.${stream}`,
      expected,
      this.events(texts),
      usualTimeoutMs,
    );
  }

  events(texts: readonly string[]): ReturnType<typeof holdRecords>[number]['event'][] {
    const records = texts.map((text) => {
      this.#id += 1;
      return { id: eventId(this.#id), bytes: Buffer.from(`{"text":${JSON.stringify(text)},"type":"Noted"}`) };
    });
    return holdRecords('s' as StreamName, records, Number.POSITIVE_INFINITY).map(({ event }) => event);
  }

  /** Events of somebody else on the same database. */
  async flood(count: number, stream = 'other.flood'): Promise<void> {
    const perAppend = 500;
    for (let from = 0; from < count; from += perAppend) {
      // Nobody else's bytes, because the server takes equal ids for a repetition.
      const texts = Array.from({ length: Math.min(perAppend, count - from) }, () => {
        this.#flooded += 1;
        return `${this.ledger.prefix} ${this.#flooded}`;
      });
      await this.client.append(stream, 'any', this.events(texts), usualTimeoutMs);
    }
  }

  /** The ledger as the whole log has it, read without any of what is tested. */
  async reference(): Promise<{ readonly records: readonly string[]; readonly root: string }> {
    const tree = new TreeFrontier();
    const records: string[] = [];
    const events = await this.client.readAll({ from: 'start', direction: 'forwards', countMax: 1e6 }, 60_000);
    for (const { stream, revision, data } of events) {
      const start = `${this.ledger.prefix}.`;
      if (!stream.startsWith(start)) continue;
      records.push(`${records.length} ${stream.slice(start.length)}/${revision} ${text(data)}`);
      tree.append(leafHash(data));
    }
    return { records, root: Buffer.from(tree.root()).toString('hex') };
  }
}

export async function openClient(address: string): Promise<LogClient> {
  const client = await openDbClient(parseEventstoreAddress(address).settings);
  onTestFinished(() => client.dispose());
  return client;
}

/** `position stream/revision text` of each record. */
export async function all(records: AsyncIterable<StoredRecord>): Promise<string[]> {
  const described: string[] = [];
  for await (const { position, stream, revision, bytes } of records) {
    described.push(`${position} ${stream}/${revision} ${text(bytes)}`);
  }
  return described;
}

export async function rootOf(order: LedgerOrder): Promise<string> {
  return Buffer.from((await order.head()).root).toString('hex');
}

function text(bytes: Uint8Array): string {
  return JSON.parse(Buffer.from(bytes).toString('utf8')).text;
}
