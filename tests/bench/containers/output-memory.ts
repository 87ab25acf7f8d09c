import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';

const targetMb = 200;
const script = join(import.meta.dirname, 'printing-process.ts');

/** What the process holds while programs print without measure: a process of its own, so that nothing else is counted. */
export async function benchOutputMemory(): Promise<BenchRow[]> {
  const { stdout, status, stderr } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024,
  });
  if (status !== 0) throw new Error(`The printing process failed: ${stderr}`);
  const { peakMb, beforeMb, executions, outcomes, readMb } = JSON.parse(stdout) as {
    readonly peakMb: number;
    readonly beforeMb: number;
    readonly executions: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly readMb: number;
  };
  return [
    {
      name: 'containers: memory held while 200 executions each print 1 GB',
      value: peakMb,
      unit: 'MB',
      target: `≤ ${targetMb}`,
      met: peakMb <= targetMb,
      detail: `highest resident set of the process over ${executions} executions, 2 workers; ${beforeMb.toFixed(0)} MB before the first; outcomes ${JSON.stringify(outcomes)}; ${readMb.toFixed(0)} MB were read before the cap ended them`,
    },
  ];
}
