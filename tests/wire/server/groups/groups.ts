import type { Database } from '../database.ts';
import { type EventFilter, filterOf } from '../event-filter.ts';
import { Group, type MonotonicClock } from './group.ts';
import { type GroupConfig, type GroupSettings, subscriptionId } from './group-settings.ts';
import { GroupSource } from './group-source.ts';
import { GroupStreams, readConfigs, writeConfigs } from './group-streams.ts';

const ALL = '$all';

/** All persistent subscriptions of a node. A new one of these is what a restart makes of what the database keeps. */
export class Groups {
  readonly #database: Database;
  readonly #clock: MonotonicClock;
  readonly #groups = new Map<string, Group>();
  readonly #timer: NodeJS.Timeout;

  constructor(database: Database, tickMs: number, clock: MonotonicClock) {
    this.#database = database;
    this.#clock = clock;
    for (const config of readConfigs(database)) this.#add(config);
    this.#timer = setInterval(() => this.tick(), tickMs).unref();
  }

  get(source: string, name: string): Group | undefined {
    return this.#groups.get(subscriptionId(source, name));
  }

  list(source: string | null): readonly Group[] {
    return [...this.#groups.values()].filter((group) => source === null || group.config.source === source);
  }

  /** False when there is one of that name. */
  create(config: GroupConfig): boolean {
    if (this.get(config.source, config.name) !== undefined) return false;
    const { startFrom } = config.settings;
    // What `end` means is settled now: a restart must not move it.
    const settings =
      startFrom === 'end' ? { ...config.settings, startFrom: this.#endOf(config.source) } : config.settings;
    this.#add({ ...config, settings });
    this.#keep();
    return true;
  }

  /** Consumers are dropped, and join again under the new settings. False when there is no such group. */
  update(source: string, name: string, settings: GroupSettings): boolean {
    const group = this.get(source, name);
    if (group === undefined) return false;
    group.end('dropped');
    this.#add({ ...group.config, settings: { ...settings, startFrom: group.config.settings.startFrom } });
    this.#keep();
    return true;
  }

  delete(source: string, name: string): boolean {
    const group = this.get(source, name);
    if (group === undefined) return false;
    group.end('deleted');
    this.#groups.delete(subscriptionId(source, name));
    this.#keep();
    return true;
  }

  tick(): void {
    for (const group of this.#groups.values()) group.tick();
  }

  /** Nothing is delivered any more; what the database keeps stays. */
  close(): void {
    clearInterval(this.#timer);
    for (const group of this.#groups.values()) group.end('dropped');
    this.#groups.clear();
  }

  #add(config: GroupConfig): void {
    const { source, name, settings } = config;
    const wanted: EventFilter = config.filter === null ? () => true : filterOf(config.filter);
    const events = new GroupSource(
      this.#database,
      source === ALL ? null : source,
      wanted,
      settings.startFrom,
    );
    const streams = new GroupStreams(this.#database, source, name);
    const group = new Group(config, events, streams, this.#database, this.#clock);
    this.#groups.set(subscriptionId(source, name), group);
  }

  #endOf(source: string): number {
    return source === ALL ? this.#database.end : (this.#database.stream(source)?.events.length ?? 0);
  }

  #keep(): void {
    writeConfigs(
      this.#database,
      [...this.#groups.values()].map((group) => group.config),
    );
  }
}
