import { spawn } from 'node:child_process';
import { pythonAgent } from '../../../../sandbox/docker/agents/python/python-agent.ts';
import type { OutputChunk, RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import type { Isolation } from '../../../../sandbox/docker/settings.ts';
import { testImage } from '../../../support/container-engine.ts';

/** As the driver makes its containers, by the engine's own command: the smallest part with which an agent can be tested. */
export function startContainer(isolation: Isolation, more: readonly string[] = []): RunningContainer {
  const batch = isolation === 'batch';
  count += 1;
  const name = `pawl-agent-${process.pid}-${count}`;
  const options = [
    ...['run', '--rm', '-i', '--init', '--name', name, '--label', 'pawl.test=agent', '--network', 'none'],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '64'],
    ...(batch
      ? ['SETUID', 'SETGID', 'KILL'].flatMap((one) => ['--cap-add', one])
      : ['--user', '65534:65534']),
    ...[
      '--tmpfs',
      '/work:rw,nosuid,nodev,noexec,mode=1777,size=67108864',
      '--memory',
      '512m',
      '--workdir',
      '/',
    ],
    ...more,
  ];
  const child = spawn('docker', [...options, testImage, ...pythonAgent.command(isolation, 0)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // it ended: its output says so
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const destroy = async (): Promise<void> => {
    spawn('docker', ['kill', name], { stdio: 'ignore' });
    await exited;
  };
  return {
    id: name,
    memoryBytes: 512 * 1024 * 1024,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        child.stdin.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    output: readBoth(child.stdout, child.stderr),
    isOver: () => child.exitCode !== null,
    cpuMs: async () => 0,
    facts: async () => ({
      running: child.exitCode === null,
      exitCode: child.exitCode,
      outOfMemory: false,
      pid: null,
    }),
    kill: async () => {
      await destroy();
      return { running: false, exitCode: child.exitCode, outOfMemory: false, pid: null };
    },
    destroy,
  };
}

let count = 0;

async function* readBoth(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
): AsyncGenerator<OutputChunk> {
  let open = 2;
  const chunks: OutputChunk[] = [];
  const wake = new EventTarget();
  for (const [stream, readable] of [
    ['stdout', stdout],
    ['stderr', stderr],
  ] as const) {
    readable.on('data', (bytes: Buffer) => {
      chunks.push({ stream, bytes });
      wake.dispatchEvent(new Event('more'));
    });
    readable.on('end', () => {
      open -= 1;
      wake.dispatchEvent(new Event('more'));
    });
  }
  for (;;) {
    const next = chunks.shift();
    if (next !== undefined) yield next;
    else if (open === 0) return;
    else await new Promise((resolve) => wake.addEventListener('more', resolve, { once: true }));
  }
}
