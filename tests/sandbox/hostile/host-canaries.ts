import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Things of this host that a program must not reach, and what would show that it did. */
export interface HostCanaries {
  /** Values for the placeholders of a program. */
  readonly facts: Readonly<Record<string, string>>;
  /** In the environment of this process, and in the file. */
  readonly secret: string;
  /** What of the host differs from how it was in the beginning, in words; empty: nothing. */
  changes(): readonly string[];
  close(): Promise<void>;
}

export async function openHostCanaries(): Promise<HostCanaries> {
  const mark = randomBytes(8).toString('hex');
  const secret = `PAWL_CANARY_${mark}`;
  const folder = mkdtempSync(join(tmpdir(), 'pawl-canary-'));
  const file = join(folder, 'file');
  writeFileSync(file, secret, { mode: 0o666 });
  process.env['PAWL_CANARY_SECRET'] = secret;

  let connections = 0;
  const listen = async (where: ListenOptions): Promise<Server> => {
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(where);
    await once(server, 'listening');
    return server;
  };
  const overNetwork = await listen({ port: 0, host: '::' });
  const socketPath = join(folder, 'socket');
  const abstract = `pawl-canary-${mark}`;
  const servers = [overNetwork, await listen({ path: socketPath }), await listen({ path: `\0${abstract}` })];

  const observe = (): Readonly<Record<string, string>> => ({
    'the name of the host': readFileSync('/proc/sys/kernel/hostname', 'utf8'),
    'the pattern of core dumps': readFileSync('/proc/sys/kernel/core_pattern', 'utf8'),
    'memory, semaphores or queues of System V': ['shm', 'sem', 'msg'].map(identifiers).join(';'),
    'the canary file': `${readFileSync(file, 'utf8')} ${statSync(file).mode} ${statSync(file).nlink}`,
    'connections to the canary sockets': String(connections),
    'files beside the canary': readdirSync(folder).join(),
    'processes of nobody outside any container': strangers(),
    'my own environment': process.env['PAWL_CANARY_SECRET'] ?? 'gone',
    'the clock':
      Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 5_000 ? 'goes' : 'was set',
  });
  const before = observe();
  return {
    facts: {
      PORT: String((overNetwork.address() as AddressInfo).port),
      ADDRESS: hostAddress(),
      ABSTRACT: abstract,
      SOCKET: socketPath,
      FILE: file,
      HOSTNAME: hostname(),
    },
    secret,
    changes: () => {
      const now = observe();
      return Object.keys(before)
        .filter((what) => before[what] !== now[what])
        .map((what) => `${what}: ${before[what]} became ${now[what]}`);
    },
    close: async () => {
      delete process.env['PAWL_CANARY_SECRET'];
      for (const server of servers) {
        server.close();
        await once(server, 'close');
      }
      rmSync(folder, { recursive: true });
    },
  };
}

/** Keys and identifiers, without times and counts of processes. */
const identifiers = (kind: string): string =>
  readFileSync(`/proc/sysvipc/${kind}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/u).slice(0, 2).join(':'))
    .join();

/** Processes that run as the user of candidates in this process's own namespace: a way out of a container. */
function strangers(): string {
  const mine = statSync('/proc/self/ns/pid').ino;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        const inside = statSync(`/proc/${pid}/ns/pid`).ino === mine;
        return inside && /^Uid:\s+65534\b/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    })
    .join();
}

const hostAddress = (): string =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address ?? '192.0.2.1';
