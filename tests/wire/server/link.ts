import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Endpoint } from './context.ts';

/** A way to a server that can be cut as cables are: packets vanish, and neither end is told. */
export interface Link {
  readonly port: number;
  /** Nothing comes through any more, in either direction; connections stay open. */
  freeze(): void;
  /** What was held back comes through. */
  thaw(): void;
  /** Connections are reset, and new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Starts a link to a server, on a port of its own. Costs every byte a copy, and so is for tests of faults alone. */
export async function startLink(target: Endpoint): Promise<Link> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let isCut = false;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: target.host, port: target.port, noDelay: true });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      if (frozen) return;
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => {
        if (!frozen) from.resume();
      });
      from.on('error', end);
      from.on('close', end);
      if (frozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const sockets = (): readonly Socket[] => [...pairs].flat();
  const reset = (): void => {
    for (const socket of sockets()) socket.resetAndDestroy();
  };
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    freeze: () => {
      frozen = true;
      for (const socket of sockets()) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets()) socket.resume();
    },
    cut: () => {
      isCut = true;
      reset();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      frozen = false;
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
