import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, PassThrough, type Readable } from 'node:stream';
import { type Fault, type Mischief, type Route, routeOf } from './fault.ts';
import { cutAfter, inPieces } from './streams.ts';

/** One call that came through. */
export interface SeenCall {
  readonly route: Route;
  readonly method: string;
  readonly url: string;
  /** What was done to it; null: nothing. */
  readonly mischief: Mischief['kind'] | null;
}

/** A proxy on a Unix socket in front of an engine: everything goes through unchanged, but for the faults it is told of. */
export interface FaultProxy {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  readonly seen: readonly SeenCall[];
  /** Calls that clients still wait for or read from, without hijacked streams. */
  readonly openCalls: number;
  /** Replaces all faults. */
  setFaults(...faults: readonly Fault[]): void;
  /** Resolves when so many calls of the route have come since the proxy was made, or have already. */
  reached(route: Route, times: number): Promise<void>;
  /** The socket is gone, and so is every connection. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Breaks every connection once; the proxy goes on. */
  breakConnections(): void;
  close(): Promise<void>;
}

/** @param enginePath the engine's own socket; read at every call, so that it may be another engine later */
export async function createFaultProxy(path: string, enginePath: () => string): Promise<FaultProxy> {
  const seen: SeenCall[] = [];
  const sockets = new Set<Duplex>();
  const waiting = new Set<() => void>();
  let faults: { readonly fault: Fault; calls: number }[] = [];

  const mischiefFor = (route: Route): Mischief | null => {
    let chosen: Mischief | null = null;
    for (const entry of faults) {
      const { on, from = 1, times = Number.POSITIVE_INFINITY, does } = entry.fault;
      if (on !== 'any' && on !== route) continue;
      entry.calls += 1;
      if (entry.calls >= from && entry.calls < from + times) chosen ??= does;
    }
    return chosen;
  };
  const note = (incoming: IncomingMessage): Mischief | null => {
    const { method = '', url = '' } = incoming;
    const route = routeOf(method, url);
    const mischief = mischiefFor(route);
    seen.push({ route, method, url, mischief: mischief?.kind ?? null });
    for (const look of waiting) look();
    return mischief;
  };
  /** The same call to the engine; `answer` gets what comes, or null when nothing does. */
  const passOn = (incoming: IncomingMessage, answer: (response: IncomingMessage | null) => void) => {
    const { method, url, headers } = incoming;
    const outgoing = request({ socketPath: enginePath(), method, path: url, headers, agent: false });
    outgoing.once('response', answer).on('error', () => answer(null));
    outgoing.on('socket', (socket) => track(socket));
    return outgoing;
  };
  const track = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };

  let openCalls = 0;
  const server = createServer({ keepAlive: true }, (incoming, outgoing) => {
    openCalls += 1;
    outgoing.once('close', () => {
      openCalls -= 1;
    });
    const mischief = note(incoming);
    const { kind } = mischief ?? {};
    if (mischief?.kind === 'refusal') return refuse(outgoing, mischief);
    if (kind === 'hang up') return void incoming.socket.destroy();
    if (kind === 'silence') return void incoming.resume();
    const engineCall = passOn(incoming, (response) => {
      response?.on('error', () => incoming.socket.destroy());
      if (response === null || kind === 'lost answer') return void incoming.socket.destroy();
      if (kind === 'late answer') return void response.resume();
      answerWith(outgoing, response, mischief);
    });
    incoming.pipe(engineCall);
    outgoing.once('close', () => engineCall.destroy());
  });
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const mischief = note(incoming);
    const { kind } = mischief ?? {};
    if (mischief?.kind === 'refusal') return void client.end(rawRefusal(mischief));
    if (kind === 'hang up') return void client.destroy();
    if (kind === 'silence') return void client.resume();
    const engineCall = passOn(incoming, (response) => {
      if (response === null) return void client.destroy();
      client.write(rawHead(response));
      response.pipe(client);
    });
    engineCall.once('upgrade', (response: IncomingMessage, engine: Socket, first: Buffer) => {
      track(engine);
      if (kind === 'lost answer') return void client.destroy();
      if (kind === 'late answer') return;
      client.write(rawHead(response));
      if (first.length > 0) engine.unshift(first);
      changed(engine, mischief, client).pipe(client);
      if (head.length > 0) client.unshift(head);
      client.pipe(engine);
      client.once('close', () => engine.destroy());
      engine.once('close', () => client.end());
    });
    engineCall.end();
  });
  server.on('connection', track);

  const listen = async (): Promise<void> => {
    rmSync(path, { force: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject).listen(path, resolve);
    await promise;
    server.off('error', reject);
  };
  const breakConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const goAway = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    breakConnections();
    await promise;
  };
  await listen();
  return {
    address: `unix://${path}`,
    seen,
    get openCalls() {
      return openCalls;
    },
    setFaults: (...given) => {
      faults = given.map((fault) => ({ fault, calls: 0 }));
    },
    reached: (route, times) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (seen.filter((call) => call.route === route).length < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    goAway,
    comeBack: listen,
    breakConnections,
    close: async () => {
      if (server.listening) await goAway();
      rmSync(path, { force: true });
    },
  };
}

type Refusal = Extract<Mischief, { kind: 'refusal' }>;

function refuse(outgoing: ServerResponse, { status, message }: Refusal): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}

function rawRefusal({ status, message }: Refusal): string {
  const body = JSON.stringify({ message });
  return `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

function rawHead({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function answerWith(outgoing: ServerResponse, response: IncomingMessage, mischief: Mischief | null): void {
  const { statusCode = 502, headers } = response;
  if (mischief?.kind === 'rewrite') {
    const { body = (text: string) => text, contentType } = mischief;
    void response.toArray().then((chunks: Buffer[]) => {
      const { 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers;
      outgoing.writeHead(statusCode, { ...rest, ...(contentType ? { 'content-type': contentType } : {}) });
      outgoing.end(body(Buffer.concat(chunks).toString()));
    });
    return;
  }
  outgoing.writeHead(statusCode, headers);
  outgoing.flushHeaders();
  changed(response, mischief, outgoing.socket).pipe(outgoing);
}

/** The engine's bytes as the client is to get them. */
function changed(from: Readable, mischief: Mischief | null, client: Duplex | null): Readable {
  if (mischief?.kind === 'cut') return from.pipe(cutAfter(mischief.afterBytes, () => client?.destroy()));
  if (mischief?.kind === 'slow') return from.pipe(inPieces(mischief.bytes, mischief.everyMs));
  return from.pipe(new PassThrough());
}
