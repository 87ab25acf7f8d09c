import { randomUUID } from 'node:crypto';
import type { Database } from '../database.ts';
import type { StoredEvent } from '../stored-event.ts';
import { firstVisible } from '../stream-state.ts';
import type { GroupConfig } from './group-settings.ts';
import { subscriptionId } from './group-settings.ts';

const CONFIG_STREAM = '$persistentSubscriptionConfig';
const EMPTY = new Uint8Array();

export interface ParkedEvent {
  readonly event: StoredEvent;
  readonly link: StoredEvent;
}

/** What a group keeps, in streams of the database as the real server does: its checkpoint, and links to what is parked. */
export class GroupStreams {
  readonly #database: Database;
  readonly #checkpointStream: string;
  readonly #parkedStream: string;

  constructor(database: Database, source: string, name: string) {
    this.#database = database;
    this.#checkpointStream = `$persistentsubscription-${subscriptionId(source, name)}-checkpoint`;
    this.#parkedStream = `$persistentsubscription-${subscriptionId(source, name)}-parked`;
  }

  checkpoint(): number | null {
    const state = this.#database.stream(this.#checkpointStream);
    if (state === undefined || firstVisible(state, Date.now()) >= state.events.length) return null;
    const text = Buffer.from(state.events.at(-1)?.data ?? EMPTY).toString('utf8');
    const place: unknown = JSON.parse(text);
    if (typeof place !== 'string') return null;
    return Number(/^C:([0-9]+)/.exec(place)?.[1] ?? place);
  }

  writeCheckpoint(place: number): void {
    this.#append(
      this.#checkpointStream,
      '$SubscriptionCheckpoint',
      JSON.stringify(String(place)),
      EMPTY,
      true,
    );
  }

  park(event: StoredEvent, reason: string): void {
    const metadata = { added: new Date().toISOString(), reason, subscriptionEventNumber: event.revision };
    const link = `${event.revision}@${event.stream}`;
    this.#append(this.#parkedStream, '$>', link, Buffer.from(JSON.stringify(metadata)), false);
  }

  parked(): readonly ParkedEvent[] {
    const state = this.#database.stream(this.#parkedStream);
    if (state === undefined) return [];
    const links = state.events.slice(firstVisible(state, Date.now()));
    return links.flatMap((link) => {
      if (link === null) return [];
      const text = Buffer.from(link.data).toString('utf8');
      const at = text.indexOf('@');
      const event = this.#database.stream(text.slice(at + 1))?.events[Number(text.slice(0, at))];
      return event === null || event === undefined ? [] : [{ event, link }];
    });
  }

  /** The oldest parked ones; they are parked no longer. */
  takeParked(countMax: number): readonly ParkedEvent[] {
    const taken = this.parked().slice(0, countMax);
    const last = taken.at(-1)?.link.revision;
    if (last !== undefined) {
      const metadata = JSON.stringify({ $tb: last + 1 });
      this.#append(`$$${this.#parkedStream}`, '$metadata', metadata, EMPTY, true);
    }
    return taken;
  }

  delete(): void {
    for (const stream of [this.#checkpointStream, this.#parkedStream]) this.#database.delete(stream, 'any');
  }

  #append(stream: string, type: string, text: string, metadata: Uint8Array, json: boolean): void {
    const event = { id: randomUUID(), type, json, data: Buffer.from(text), metadata };
    this.#database.append(stream, 'any', [event]);
  }
}

/** The groups there are, as the newest event of their stream says. */
export function readConfigs(database: Database): readonly GroupConfig[] {
  const newest = database.stream(CONFIG_STREAM)?.events.at(-1);
  return newest ? JSON.parse(Buffer.from(newest.data).toString('utf8')) : [];
}

export function writeConfigs(database: Database, configs: readonly GroupConfig[]): void {
  const data = Buffer.from(JSON.stringify(configs));
  const event = { id: randomUUID(), type: 'PersistentConfig1', json: true, data, metadata: EMPTY };
  database.append(CONFIG_STREAM, 'any', [event]);
}
