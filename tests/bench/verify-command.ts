import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { repositoryRoot } from '../support/repository-root.ts';
import type { BenchRow } from './bench-row.ts';
import { appendInFlight, benchDirectory, median } from './ledger-fixture.ts';
import { openSealedLedger } from './verify-fixture.ts';

const events = 1_000_000;
const rounds = 3;
const rateTarget = 150_000;
const megabytesTarget = 300;

/** The real command on a signed ledger of a million events: from its start to its end, with all its threads. */
export async function benchVerifyCommand(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  try {
    const ledger = await openSealedLedger(directory.path, 'large.db');
    for (let filled = 0; filled < events; filled += 100_000) {
      await appendInFlight(ledger, `fill.${filled}`, Math.min(100_000, events - filled), 64, 4);
    }
    await ledger.close();
    const path = join(directory.path, 'large.db');
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await runVerify(path));
    const rate = median(runs.map(({ records, seconds }) => records / seconds));
    const megabytes = Math.max(...runs.map((run) => run.megabytes));
    const [{ records, checkpoints }] = runs as [VerifyRun];
    const detail = `\`pawl verify -j 2\`, start and end of the process included, ${records} records, ${checkpoints} checkpoints, ${(statSync(path).size / 1e6).toFixed(0)} MB`;
    return [
      {
        name: 'verify of a 1,000,000-event ledger, two workers',
        value: rate,
        unit: 'events/s',
        target: `≥ ${rateTarget}`,
        met: rate >= rateTarget,
        detail: `${detail}; median of ${rounds} runs`,
      },
      {
        name: 'memory of that verify, all threads',
        value: megabytes,
        unit: 'MB',
        target: `≤ ${megabytesTarget}`,
        met: megabytes <= megabytesTarget,
        detail: `peak resident set (VmHWM), the largest of ${rounds} runs`,
      },
    ];
  } finally {
    directory.remove();
  }
}

interface VerifyRun {
  readonly records: number;
  readonly checkpoints: number;
  readonly seconds: number;
  readonly megabytes: number;
}

async function runVerify(path: string): Promise<VerifyRun> {
  const start = performance.now();
  const command = [join(repositoryRoot, 'src/cli/main.ts'), 'verify', '-j', '2', '--json', '--ledger', path];
  const state = join(path, '..', 'state');
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let megabytes = 0;
  // The kernel keeps the peak; the last look at it is a moment before the end.
  const looking = setInterval(() => {
    megabytes = Math.max(megabytes, peakMegabytes(child.pid ?? 0));
  }, 20);
  const [exitCode] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  clearInterval(looking);
  const line = JSON.parse(output.split('\n')[0] ?? '') as {
    ok: boolean;
    records: number;
    checkpoints: number;
  };
  if (exitCode !== 0 || !line.ok) throw new Error(`verify ended with ${exitCode}: ${output.slice(0, 2000)}`);
  return { records: line.records, checkpoints: line.checkpoints, seconds, megabytes };
}

function peakMegabytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}
