import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { PerfEvent } from './perf-counter.ts';
import { perfNames, perfValue } from './perf-output.ts';
import { perfEnvironment } from './perf-process.ts';

const probeMsMax = 10_000;
const textMax = 64 * 1024;

/** Why an event cannot be counted here, found out by counting it for a program that does nothing; null: it can. */
export async function lackingEvent(program: string, event: PerfEvent): Promise<string | null> {
  const { failure, output } = await outputOf(program, ['stat', '-x,', '-e', perfNames[event], '--', 'true']);
  if (failure !== null) return `\`${program}\` cannot be started: ${failure}`;
  const value = perfValue(output, event);
  if (typeof value === 'number') return null;
  if (value === '<not supported>')
    return 'the processor does not offer it here, as is usual in a virtual machine';
  const paranoid = (
    await readFile('/proc/sys/kernel/perf_event_paranoid', 'utf8').catch(() => 'unknown')
  ).trim();
  const said = value ?? output.split('\n').find((line) => line.trim() !== '') ?? 'nothing';
  return `\`${program}\` did not count it and says: ${said.trim()} (perf_event_paranoid is ${paranoid})`;
}

function outputOf(
  program: string,
  args: readonly string[],
): Promise<{ readonly failure: string | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: perfEnvironment(),
      timeout: probeMsMax,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, textMax);
    });
    child.once('error', ({ message }) => resolve({ failure: message, output }));
    child.once('close', () => resolve({ failure: null, output }));
  });
}
