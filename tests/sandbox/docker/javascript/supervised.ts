import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { javascriptAgent } from '../../../../sandbox/docker/agents/javascript/javascript-agent.ts';
import {
  type Done,
  doneSchema,
  encodeFrame,
  type Frame,
  frameReader,
  nonceBytes,
  type Ready,
  readySchema,
  type StartOrder,
} from '../../../../sandbox/docker/line/frames.ts';
import type { Isolation } from '../../../../sandbox/docker/settings.ts';
import type { CandidateLine, LineAnswer, LineEnd } from '../../../../sandbox/wasm/candidate-line.ts';
import { testImage } from '../../../support/container-engine.ts';

/** One execution in a container, seen from the tests' side. */
export interface Supervised {
  readonly line: CandidateLine;
  /** Ends it and waits for what was spent; idempotent. */
  end(): Promise<Done>;
  /** Waits until it has ended by itself. */
  readonly done: Promise<Done>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export interface SupervisedContainer {
  /** Resolves when the next execution can start. */
  ready(): Promise<Ready>;
  start(changes?: Partial<StartOrder>): Supervised;
  readonly process: ChildProcessWithoutNullStreams;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** Kills and removes it, whatever it does. */
  destroy(): void;
}

const shared = [
  ...[
    'run',
    '--rm',
    '--interactive',
    '--init',
    '--network',
    'none',
    '--read-only',
    '--label',
    'pawl-javascript-test',
  ],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '64'],
];
const levels: Readonly<Record<Isolation, readonly string[]>> = {
  execution: ['--user', '65534:65534', '--tmpfs', '/work:size=64m,mode=1777'],
  batch: [
    ...['--cap-add', 'SETUID', '--cap-add', 'SETGID', '--cap-add', 'KILL', '--user', '0:0'],
    ...['--tmpfs', '/work:size=64m,mode=1777'],
  ],
};

/** A container with the JavaScript supervisor, started by the engine's own command line. */
export function startSupervised(isolation: Isolation, memoryBytes = 512 * 1024 * 1024): SupervisedContainer {
  const name = `pawl-javascript-${randomBytes(6).toString('hex')}`;
  const container = spawn('docker', [
    ...shared,
    ...['--name', name],
    ...levels[isolation],
    ...['--memory', String(memoryBytes), '--memory-swap', String(memoryBytes)],
    testImage,
    ...javascriptAgent.command(isolation, memoryBytes),
  ]);
  let diagnostics = '';
  container.stderr.on('data', (chunk: Buffer) => {
    diagnostics += chunk.toString();
  });
  const read = frameReader('RM12D');
  let isReady = Promise.withResolvers<Ready>();
  isReady.promise.catch(() => {});
  let current: { readonly take: (frame: Frame) => void; readonly lost: (why: string) => void } | null = null;
  container.stdout.on('data', (chunk: Buffer) => {
    for (const frame of read(chunk)) {
      if (frame.kind === 'R') isReady.resolve(readySchema.parse(JSON.parse(frame.payload.toString())));
      else current?.take(frame);
    }
  });
  const closed = new Promise<void>((resolve) => {
    container.on('close', () => {
      isReady.reject(new Error(`The container has ended: ${diagnostics}`));
      current?.lost(`The container has ended: ${diagnostics}`);
      resolve();
    });
  });

  const start = (changes: Partial<StartOrder> = {}): Supervised => {
    isReady = Promise.withResolvers<Ready>();
    isReady.promise.catch(() => {});
    const nonce = randomBytes(nonceBytes);
    const order: StartOrder = {
      nonce: nonce.toString('hex'),
      user: null,
      cpuSecondsMax: 30,
      fileBytesMax: 16 * 1024 * 1024,
      openFilesMax: 256,
      outputBytesMax: 1024 * 1024,
      ...changes,
    };
    const output: Record<string, Buffer[]> = { 1: [], 2: [] };
    const done = Promise.withResolvers<Done>();
    done.promise.catch(() => {});
    let answer: ((answer: LineAnswer) => void) | null = null;
    let over: LineEnd | null = null;
    const settle = (value: LineAnswer): void => {
      const resolve = answer;
      answer = null;
      resolve?.(value);
    };
    const end = (why: LineEnd): void => {
      over ??= why;
      settle({ kind: 'ended', end: over });
    };
    current = {
      take: ({ kind, payload }) => {
        if (!payload.subarray(0, nonceBytes).equals(nonce)) throw new Error('A frame has another nonce.');
        const body = payload.subarray(nonceBytes);
        if (kind === 'M') settle({ kind: 'message', bytes: Uint8Array.from(body) });
        else if (kind === 'D') {
          const report = doneSchema.parse(JSON.parse(body.toString()));
          done.resolve(report);
          const how = report.signal ?? report.exitCode;
          if (report.endedFor === 'stdout' || report.endedFor === 'stderr') {
            end({ outcome: 'output_limit', type: 'OutputLimitExceeded', message: 'It printed too much.' });
          } else {
            const outcome = report.signal === 'SIGKILL' ? 'out_of_memory' : 'error';
            end({ outcome, type: 'ProcessEnded', message: `The process ended (${how}).` });
          }
        } else output[kind]?.push(Buffer.from(body));
      },
      lost: (why) => {
        done.reject(new Error(why));
        end({ outcome: 'sandbox_error', type: 'ContainerEnded', message: why });
      },
    };
    container.stdin.write(encodeFrame('S', Buffer.from(JSON.stringify(order))));
    const text = (stream: string) => (): string => Buffer.concat(output[stream] ?? []).toString();
    return {
      line: {
        ask: (message) => {
          if (over !== null) return Promise.resolve({ kind: 'ended', end: over });
          const { promise, resolve } = Promise.withResolvers<LineAnswer>();
          answer = resolve;
          container.stdin.write(encodeFrame('M', message));
          return promise;
        },
        end,
      },
      end: () => {
        container.stdin.write(encodeFrame('E'));
        return done.promise;
      },
      done: done.promise,
      stdout: text('1'),
      stderr: text('2'),
    };
  };
  return {
    ready: () => isReady.promise,
    start,
    process: container,
    close: async () => {
      container.stdin.end();
      await closed;
    },
    destroy: () => {
      execFileSync('docker', ['rm', '--force', name], { stdio: 'ignore' });
    },
  };
}
