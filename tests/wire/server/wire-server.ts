import { ServerCredentials } from '@grpc/grpc-js';
import type { User } from './authorizer.ts';
import type { Endpoint, NodeRole } from './context.ts';
import type { FaultRule } from './faults.ts';
import type { LimitsName } from './limits.ts';
import { WireNode } from './wire-node.ts';

/** All of it is JSON, so that a process of its own can be started with it. */
export interface WireServerOptions {
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly limits?: LimitsName;
  /** False: clients append the classic way. */
  readonly batchAppend?: boolean;
  /** Where the data is kept; without it in memory alone. */
  readonly file?: string;
  /** PEM. Without it the server speaks plain HTTP/2, and clients send it no passwords. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** By name; without it anybody may do anything. */
  readonly users?: Readonly<Record<string, User>>;
  /** How often persistent subscriptions look for messages whose time is up: 1,000 ms by default, as on the real server. */
  readonly groupTickMs?: number;
}

/** A server under test control; the same whether it runs in this process or in one of its own. */
export interface WireServer {
  readonly host: string;
  readonly port: number;
  /** For the client: `esdb://host:port?tls=…`. */
  readonly url: string;
  /** Replaces all rules for faults; their counting starts anew. */
  setFaults(rules: readonly FaultRule[], seed?: number): Promise<void>;
  /** How often what happened since the start, as `operation: fault`. */
  faultCounts(): Promise<Readonly<Record<string, number>>>;
  /** Calls that neither side has ended yet, by kind: `batch append`, `read`, `read all`, `subscribe`, `group read`, … */
  openCalls(): Promise<Readonly<Record<string, number>>>;
  /** Cuts every connection; new ones are taken. */
  cutConnections(): Promise<void>;
  /** Nobody answers at the port any more, until `comeBack`. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Goes away and comes back at the same port with the same data. */
  restart(): Promise<void>;
  /** The same address with an empty data base. */
  recreate(): Promise<void>;
  /** Removes for good what reads hide. Resolves to the number of events. */
  scavenge(): Promise<number>;
  setLimits(name: LimitsName): Promise<void>;
  /** What the node is from now on, and where it sends those who want to write if it is not the leader. */
  setRole(role: NodeRole, leader: Endpoint | null): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server in this process. */
export async function startWireServer(options: WireServerOptions = {}): Promise<WireServer> {
  const credentials =
    options.tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          {
            cert_chain: Buffer.from(options.tls.certificate),
            private_key: Buffer.from(options.tls.key),
          },
        ]);
  const node = new WireNode(options, credentials);
  await node.open();
  const { host, port } = node;
  return {
    host,
    port,
    url: `esdb://${host}:${port}?tls=${options.tls !== undefined}`,
    setFaults: async (rules, seed) => node.faults.set(rules, seed),
    faultCounts: async () => node.faults.counts(),
    openCalls: async () => node.openCalls.counts(),
    cutConnections: async () => node.cutConnections(),
    goDown: () => node.close(),
    comeBack: () => node.open(),
    restart: () => node.restart(),
    recreate: () => node.recreate(),
    scavenge: async () => node.scavenge(),
    setLimits: async (name) => node.setLimits(name),
    setRole: async (role, leader) => node.setRole(role, leader),
    stop: () => node.close(),
  };
}
