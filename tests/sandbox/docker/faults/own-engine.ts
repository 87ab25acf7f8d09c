import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testImage } from '../../../support/container-engine.ts';
import { engineApi } from './engine-api.ts';
import { realSocket, withoutLocalEngine } from './proxied-engine.ts';
import { until } from './test-host.ts';

/** Why no engine of our own can be started, or null. */
export function withoutOwnEngine(): string | null {
  const reason = withoutLocalEngine();
  if (reason !== null) return reason;
  if (process.getuid?.() !== 0) return 'only root starts an engine';
  return spawnSync('dockerd', ['--version']).status === 0 ? null : 'there is no dockerd here';
}

/** An engine of the test's own, which may be hurt: its data lies in a file system of limited size. */
export interface OwnEngine {
  readonly socket: string;
  /** Directory in the engine's file system. */
  readonly data: string;
  start(): Promise<void>;
  /** @param signal `SIGTERM`: an orderly stop; `SIGKILL` leaves its containers running */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Lets it do nothing, and go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}

/** Starts one that has the test image. @param bytes how large its file system is; it takes memory */
export async function startOwnEngine(bytes: number): Promise<OwnEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'pw-'));
  const socket = join(directory, 's');
  const data = join(directory, 'data');
  mkdirSync(data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', data]);
  let daemon: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const roots = ['--data-root', join(data, 'd'), '--exec-root', join(directory, 'x')];
    const network = ['--bridge=none', '--iptables=false'];
    const places = ['-H', `unix://${socket}`, '--pidfile', join(directory, 'pid')];
    // Of one that was killed; its containerd dies with it, and is taken for alive where nobody buries it.
    for (const stale of ['pid', 'x/containerd/containerd.pid'])
      rmSync(join(directory, stale), { force: true });
    daemon = spawn('dockerd', [...roots, ...places, ...network, '--log-level=error'], { stdio: 'ignore' });
    await until(
      () =>
        engineApi(socket, 'GET', '/_ping').then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
      60_000,
    );
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const stopping = daemon;
    if (stopping === null) return;
    daemon = null;
    stopping.kill('SIGCONT');
    stopping.kill(signal);
    if (stopping.exitCode === null && stopping.signalCode === null) await once(stopping, 'exit');
  };
  await start();
  await copyImage(socket);
  return {
    socket,
    data,
    start,
    stop,
    signal: (signal) => void daemon?.kill(signal),
    close: async () => {
      await stop('SIGTERM');
      // What is still mounted belongs to containers that the engine did not come to remove.
      spawnSync('umount', ['-R', '-l', data]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** From the engine of the tests to this one. */
function copyImage(socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = request({ socketPath: realSocket, path: `/images/${testImage}/get`, agent: false });
    from.once('error', reject).once('response', (image) => {
      const headers = { 'Content-Type': 'application/x-tar' };
      const to = request({ socketPath: socket, method: 'POST', path: '/images/load', headers, agent: false });
      to.once('error', reject).once('response', (answer) => answer.resume().once('end', resolve));
      image.pipe(to);
    });
    from.end();
  });
}
