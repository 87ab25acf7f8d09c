import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** What can be asked of a server in another process: one POST per call, arguments and answer as JSON. */
export type ControlMethods = Readonly<Record<string, (...values: never[]) => Promise<unknown>>>;

export interface ControlServer {
  readonly url: string;
  close(): void;
}

/** Serves the methods on a port of its own, beside the wire, so that no fault reaches it. */
export async function serveControl(methods: ControlMethods): Promise<ControlServer> {
  const server: Server = createServer((request, response) => {
    answer(methods, request).then(
      (value) => response.end(JSON.stringify({ value: value ?? null })),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(methods: ControlMethods, request: IncomingMessage): Promise<unknown> {
  const name = (request.url ?? '').slice(1);
  const method = methods[name];
  if (method === undefined) throw new Error(`The wire server has no method "${name}".`);
  const values: never[] = JSON.parse(await text(request));
  return method(...values);
}

async function text(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** Calls a method of a server in another process. @throws Error with the words of the other side */
export async function callControl(url: string, name: string, values: readonly unknown[]): Promise<unknown> {
  const response = await fetch(`${url}/${name}`, { method: 'POST', body: JSON.stringify(values) });
  const answered: { value?: unknown; error?: string } = JSON.parse(await response.text());
  if (answered.error !== undefined) throw new Error(answered.error);
  return answered.value;
}
