import { Server, ServerCredentials } from '@grpc/grpc-js';
import { batchAppend } from './batch-append.ts';
import { classicAppend } from './classic-append.ts';
import { Connections } from './connections.ts';
import type { ServerContext, SizeLimits } from './context.ts';
import { Database } from './database.ts';
import { deleteCall, tombstoneCall } from './delete-calls.ts';
import { type FaultRule, Faults } from './faults.ts';
import { featuresCall } from './features-call.ts';
import { ServerFeaturesService, StreamsService } from './protocol.ts';
import { withRawFrames } from './raw-frames.ts';
import { readCall } from './read-call.ts';

const MEBIBYTE = 1024 * 1024;

/** Limits as servers had them by default up to 25.0, and since. */
export const LIMITS = {
  classic: { appendBytesMax: MEBIBYTE, eventBytesMax: Number.POSITIVE_INFINITY },
  modern: { appendBytesMax: 256 * MEBIBYTE, eventBytesMax: 16 * MEBIBYTE },
} as const satisfies Record<string, SizeLimits>;

export interface WireServerOptions {
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly limits?: keyof typeof LIMITS;
  /** False: clients append the classic way. */
  readonly batchAppend?: boolean;
}

/** A server under test control; the same whether it runs in this process or in one of its own. */
export interface WireServer {
  readonly host: string;
  readonly port: number;
  /** For the client: `esdb://host:port?tls=…`. */
  readonly url: string;
  /** Replaces all rules for faults. */
  setFaults(rules: readonly FaultRule[], seed?: number): Promise<void>;
  /** How often what happened, as `operation: fault`. */
  faultCounts(): Promise<Readonly<Record<string, number>>>;
  /** Cuts every connection; new ones are taken. */
  cutConnections(): Promise<void>;
  /** Goes away and comes back at the same port with the same data. */
  restart(): Promise<void>;
  /** The same address with an empty data base. */
  recreate(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server in this process. */
export async function startWireServer(options: WireServerOptions = {}): Promise<WireServer> {
  const host = options.host ?? '127.0.0.1';
  const faults = new Faults();
  const connections = new Connections(host, options.port ?? 0, ServerCredentials.createInsecure());
  const context: { -readonly [Key in keyof ServerContext]: ServerContext[Key] } = {
    database: new Database(null),
    faults,
    limits: LIMITS[options.limits ?? 'classic'],
    role: 'leader',
    leader: null,
    authorize: () => {},
    cut: (peer) => connections.cut(peer),
  };
  const open = (): Promise<void> => connections.open(serviceOf(context, options));
  await open();
  return {
    host,
    port: connections.port,
    url: `esdb://${host}:${connections.port}?tls=false`,
    setFaults: async (rules, seed) => faults.set(rules, seed),
    faultCounts: async () => faults.counts(),
    cutConnections: async () => {
      connections.cutAll();
      faults.count('cut connections');
    },
    restart: async () => {
      await connections.close();
      await open();
      faults.count('restart');
    },
    recreate: async () => {
      await connections.close();
      context.database = new Database(null);
      await open();
      faults.count('recreate');
    },
    stop: () => connections.close(),
  };
}

function serviceOf(context: ServerContext, options: WireServerOptions): Server {
  const server = new Server({
    // The limits of the server itself are what refuses; gRPC's own would answer something else.
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  server.addService(withRawFrames(StreamsService), {
    append: classicAppend(context),
    batchAppend: batchAppend(context),
    read: readCall(context),
    delete: deleteCall(context),
    tombstone: tombstoneCall(context),
  });
  server.addService(ServerFeaturesService, {
    getSupportedMethods: featuresCall(context, {
      version: '24.10.0',
      batchAppend: options.batchAppend ?? true,
    }),
  });
  return server;
}
