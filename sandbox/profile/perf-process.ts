import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { nothingCounted, type PerfCounting, type PerfEvent } from './perf-counter.ts';
import { perfNames, perfValue } from './perf-output.ts';

/** How long `perf` may take to attach, and to end. */
const answerMsMax = 5_000;
const textMax = 64 * 1024;

/** Numbers without the separators of a language, and nothing of ours. */
export function perfEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}

/**
 * Counts what processes do, and what they start from now on, until `stop`. It is a handshake over two pipes, so that counting
 * has begun when this resolves, and not at some time after.
 */
export async function countProcesses(
  program: string,
  events: readonly PerfEvent[],
  processes: readonly number[],
): Promise<PerfCounting> {
  const names = events.map((event) => perfNames[event]).join(',');
  const pipes = ['-D', '-1', '--control', 'fd:3,4'];
  const child = spawn(program, ['stat', '-x,', '-e', names, ...pipes, '-p', processes.join(',')], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: perfEnvironment(),
  });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(0, textMax);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const orders = child.stdio[3] as Writable;
  const answers = child.stdio[4] as Readable;
  // What is written to it when it has ended already is lost, and `ended` says so.
  orders.on('error', () => undefined);
  const order = (word: string): Promise<boolean> => {
    const answered = new Promise<boolean>((resolve) => answers.once('data', () => resolve(true)));
    orders.write(`${word}\n`);
    return within(Promise.race([answered, ended.then(() => false)]), false);
  };
  const isCounting = await order('enable');
  const finish = async () => {
    // It has ended by itself where all that it counted has; its counts are as good.
    await order('disable');
    child.kill(isCounting ? 'SIGINT' : 'SIGKILL');
    await within(ended, undefined);
    child.kill('SIGKILL');
    await ended;
    const counts = events.map((event) => [event, countOf(perfValue(output, event))] as const);
    return isCounting ? { ...nothingCounted, ...Object.fromEntries(counts) } : nothingCounted;
  };
  let finished: ReturnType<typeof finish> | undefined;
  const counting: PerfCounting = {
    stop: () => {
      finished ??= finish();
      return finished;
    },
  };
  if (!isCounting) await counting.stop();
  return counting;
}

const countOf = (value: number | string | undefined): number | null =>
  typeof value === 'number' ? value : null;

/** What a promise comes to, or something else when it takes too long; no timer is left behind. */
function within<Value>(promise: Promise<Value>, otherwise: Value): Promise<Value> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), answerMsMax);
    void promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
