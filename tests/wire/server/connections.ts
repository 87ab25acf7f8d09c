import { once } from 'node:events';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';

type Injector = ReturnType<Server['createConnectionInjector']>;

/**
 * The listening side. It accepts connections itself and hands them to the gRPC server, so that a single one can be cut under a
 * call, as networks do it.
 */
export class Connections {
  readonly #sockets = new Map<string, Socket>();
  readonly #host: string;
  readonly #credentials: ServerCredentials;
  #listener: NetServer | null = null;
  #injector: Injector | null = null;
  #grpc: Server | null = null;
  port: number;

  constructor(host: string, port: number, credentials: ServerCredentials) {
    this.#host = host;
    this.port = port;
    this.#credentials = credentials;
  }

  /** Listens at the port, or at any free one the first time when it is 0. */
  async open(grpc: Server): Promise<void> {
    this.#grpc = grpc;
    this.#injector = grpc.createConnectionInjector(this.#credentials);
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    listener.listen(this.port, this.#host);
    await once(listener, 'listening');
    const address = listener.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    this.#listener = listener;
  }

  /** Cuts the connection of one peer, as `host:port`. */
  cut(peer: string): void {
    this.#sockets.get(peer)?.resetAndDestroy();
  }

  cutAll(): number {
    const count = this.#sockets.size;
    for (const socket of this.#sockets.values()) socket.resetAndDestroy();
    return count;
  }

  /** Nobody is answered at the port any more. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    this.cutAll();
    this.#injector?.destroy();
    this.#grpc?.forceShutdown();
    if (listener === null) return;
    listener.close();
    await once(listener, 'close');
  }

  #accept(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#sockets.set(peer, socket);
    socket.on('close', () => this.#sockets.delete(peer));
    socket.on('error', () => {});
    this.#injector?.injectConnection(socket);
  }
}
