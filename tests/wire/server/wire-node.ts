import type { ServerCredentials } from '@grpc/grpc-js';
import { authorizer } from './authorizer.ts';
import { Connections } from './connections.ts';
import type { Endpoint, NodeRole, ServerContext } from './context.ts';
import { Database } from './database.ts';
import { Faults } from './faults.ts';
import type { Member } from './gossip-call.ts';
import { Groups } from './groups/groups.ts';
import { Journal } from './journal.ts';
import { LIMITS, type LimitsName } from './limits.ts';
import { OpenCalls } from './open-calls.ts';
import { services } from './services.ts';
import type { WireServerOptions } from './wire-server.ts';

const GROUP_TICK_MS = 1000;
const VERSION = '24.10.0';

type Settable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** One node: its data, what it listens to, and what it is in its cluster. */
export class WireNode {
  readonly faults = new Faults();
  readonly openCalls = new OpenCalls();
  readonly #options: WireServerOptions;
  readonly #connections: Connections;
  readonly #context: Settable<ServerContext>;
  #journal: Journal | null = null;
  #isOpen = false;

  constructor(options: WireServerOptions, credentials: ServerCredentials, shared?: Database) {
    this.#options = options;
    this.#connections = new Connections(options.host ?? '127.0.0.1', options.port ?? 0, credentials);
    const database = shared ?? new Database(null);
    this.#context = {
      database,
      groups: this.#groupsOn(database),
      faults: this.faults,
      openCalls: this.openCalls,
      limits: LIMITS[options.limits ?? 'classic'],
      role: 'leader',
      leader: null,
      members: () => [{ endpoint: this.endpoint, role: this.#context.role, alive: true }],
      authorize: authorizer(options.users),
      restartGroups: () => this.#restartGroups(),
      cut: (peer) => this.#connections.cut(peer),
    };
  }

  get host(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  get port(): number {
    return this.#connections.port;
  }

  get endpoint(): Endpoint {
    return { host: this.host, port: this.port };
  }

  /** Listens, with what the file holds where there is one. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (this.#options.file !== undefined) {
      this.#journal = new Journal(this.#options.file);
      this.#context.database = new Database(this.#journal);
      this.#context.database.load(this.#journal.events);
    }
    this.#restartGroups();
    const batchAppend = this.#options.batchAppend ?? true;
    await this.#connections.open(services(this.#context, { version: VERSION, batchAppend }));
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#connections.close();
    this.#context.groups.close();
    this.#journal?.close();
    this.#journal = null;
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
    this.faults.count('restart');
  }

  /** The data base is another one, as after somebody created it anew at the same address. */
  async recreate(): Promise<void> {
    this.#journal?.replace([]);
    await this.close();
    this.#context.database = new Database(null);
    await this.open();
    this.faults.count('recreate');
  }

  cutConnections(): void {
    this.#connections.cutAll();
    this.faults.count('cut connections');
  }

  scavenge(): number {
    const removed = this.#context.database.scavenge();
    this.#journal?.replace(this.#context.database.log);
    this.faults.count('scavenge');
    return removed;
  }

  setLimits(name: LimitsName): void {
    this.#context.limits = LIMITS[name];
  }

  setRole(role: NodeRole, leader: Endpoint | null): void {
    this.#context.role = role;
    this.#context.leader = leader;
    // Persistent subscriptions live on the leader: whoever becomes it starts from what the database keeps of them.
    this.#restartGroups();
  }

  setMembers(members: () => readonly Member[]): void {
    this.#context.members = members;
  }

  #groupsOn(database: Database): Groups {
    return new Groups(database, this.#options.groupTickMs ?? GROUP_TICK_MS, () => performance.now());
  }

  #restartGroups(): void {
    this.#context.groups.close();
    this.#context.groups = this.#groupsOn(this.#context.database);
  }
}
