import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchRow } from '../bench-row.ts';

const kills = 20;
const executionsEach = 25;
const script = join(import.meta.dirname, 'executing-process.ts');

/**
 * 500 executions by processes that are killed with SIGKILL in the middle of their work, 20 times; a last one starts, ends as it
 * should, and by then nothing of any of them may be there.
 */
export async function benchLeftovers(): Promise<BenchRow[]> {
  let executions = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let done = 0;
    for await (const _line of createInterface({ input: child.stdout })) {
      done += 1;
      if (done === executionsEach) child.kill('SIGKILL');
    }
    await ended;
    executions += done;
  }
  const between = left();
  execFileSync(process.execPath, [script, '1'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const after = left();
  const value = after.containers + after.processes + after.volumes;
  return [
    {
      name: 'containers, processes and volumes left after 500 executions and 20 `kill -9`',
      value,
      unit: '',
      target: '0',
      met: value === 0 && executions >= 500,
      detail: `${executions} executions; before the next start ${between.containers} containers of the dead were there, after its end ${after.containers} containers, ${after.processes} processes and ${after.volumes} volumes`,
    },
  ];
}

/** What is there of Pawl's containers, by the engine's count and the kernel's. */
function left(): { readonly containers: number; readonly processes: number; readonly volumes: number } {
  const lines = (...command: readonly string[]): number =>
    execFileSync('docker', command, { encoding: 'utf8' }).split('\n').filter(Boolean).length;
  const processes = execFileSync(
    'sh',
    ['-c', "ps -e -o uid=,args= | awk '$1 == 65534 && /node|python3/' | wc -l"],
    {
      encoding: 'utf8',
    },
  );
  return {
    containers: lines('ps', '--all', '--quiet', '--filter', 'label=pawl.sandbox'),
    processes: Number(processes.trim()),
    volumes: lines('volume', 'ls', '--quiet'),
  };
}
