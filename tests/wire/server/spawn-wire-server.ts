import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { callControl } from './control.ts';
import type { WireServer, WireServerOptions } from './wire-server.ts';

export interface WireServerProcess extends WireServer {
  readonly pid: number;
  /** `kill -9`: nothing is written any more. Resolves when the process is gone. */
  kill(): Promise<void>;
}

interface Addresses {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly control: string;
}

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Starts a server in a process of its own, so that it takes the other core. */
export async function spawnWireServer(options: WireServerOptions = {}): Promise<WireServerProcess> {
  const child = spawn(process.execPath, [MAIN, JSON.stringify(options), '--while-input-is-open'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { host, port, url, control } = await addressesOf(child);
  const call = (name: string, ...values: readonly unknown[]): Promise<unknown> =>
    callControl(control, name, values);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    host,
    port,
    url,
    pid: child.pid ?? 0,
    setFaults: async (rules, seed) => void (await call('setFaults', rules, seed)),
    faultCounts: async () => (await call('faultCounts')) as Record<string, number>,
    openCalls: async () => (await call('openCalls')) as Record<string, number>,
    cutConnections: async () => void (await call('cutConnections')),
    restart: async () => void (await call('restart')),
    recreate: async () => void (await call('recreate')),
    goDown: async () => void (await call('goDown')),
    comeBack: async () => void (await call('comeBack')),
    scavenge: async () => Number(await call('scavenge')),
    setLimits: async (name) => void (await call('setLimits', name)),
    setRole: async (role, leader) => void (await call('setRole', role, leader)),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function addressesOf(child: ChildProcess): Promise<Addresses> {
  if (child.stdout === null) throw new Error('The wire server has no standard output.');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])]);
  if (typeof line !== 'string') throw new Error('The wire server ended before it listened.');
  return JSON.parse(line);
}
