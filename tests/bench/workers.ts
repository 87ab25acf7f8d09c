import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchRow } from './bench-row.ts';
import { clusterPlace } from './cluster-place.ts';
import { benchDirectory, median } from './ledger-fixture.ts';
import { benchEnvironment, mainFile, runPawl } from './run-pawl.ts';

const rounds = 2;
const target = 1.6;
const leaseSeconds = 2;
const takeovers = 3;

/**
 * Whole processes of the real command on the starter suite: a queue worked off by one worker and by two, each bound to a core
 * of its own, as on machines of their own.
 */
export async function benchWorkers(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const place = await clusterPlace();
  try {
    const rows: BenchRow[] = [];
    for (const kind of ['SQLite', 'the wire server'] as const) {
      const address = (name: string): string =>
        kind === 'SQLite' ? join(directory.path, `${name}.db`) : place.address();
      rows.push(await speedUp(kind, address, directory.path));
      rows.push(await takeover(kind, address, directory.path));
    }
    return rows;
  } finally {
    await place.stop();
    directory.remove();
  }
}

async function speedUp(kind: string, address: (name: string) => string, home: string): Promise<BenchRow> {
  const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const workers of [1, 2] as const) {
      const ledger = address(`speed-${round}-${workers}`);
      await runPawl(home, 'run', '--queue', '--seed', String(round), '--ledger', ledger);
      const start = performance.now();
      const working = Array.from({ length: workers }, (_, core) =>
        startWorker(home, ledger, { core, args: ['--until-idle'] }),
      );
      await Promise.all(working.map(({ ended }) => ended));
      seconds[workers].push((performance.now() - start) / 1000);
    }
  }
  const value = median(seconds[1]) / median(seconds[2]);
  return {
    name: `two workers ÷ one on the starter suite, a core each, ${kind}`,
    value,
    unit: '×',
    target: `≥ ${target}`,
    met: value >= target,
    detail: `300 episodes in ${median(seconds[2]).toFixed(1)} s against ${median(seconds[1]).toFixed(1)} s, start of the processes included; -j 1 and bound to a core each, because one worker alone would use both; medians of ${rounds} rounds in turn`,
  };
}

/** From `kill -9` of the only worker to the moment another has taken everything it had; that one has been there for a lease. */
async function takeover(kind: string, address: (name: string) => string, home: string): Promise<BenchRow> {
  const waits: number[] = [];
  for (let round = 0; round < takeovers; round += 1) {
    const ledger = address(`takeover-${round}`);
    await runPawl(
      home,
      'run',
      '--queue',
      '--lease',
      String(leaseSeconds),
      '--seed',
      `t${round}`,
      '--ledger',
      ledger,
    );
    const first = startWorker(home, ledger, {});
    await first.news((line) => line['kind'] === 'left');
    const second = startWorker(home, ledger, {});
    await second.news((line) => line['kind'] === 'left');
    const start = performance.now();
    first.child.kill('SIGKILL');
    await second.news((line) => line['kind'] === 'took' && line['attempt'] === 2);
    waits.push((performance.now() - start) / 1000);
    second.child.kill('SIGKILL');
    await Promise.all([first.ended, second.ended].map((ended) => ended.catch(() => undefined)));
  }
  const value = Math.max(...waits);
  return {
    name: `takeover after \`kill -9\` of a worker, lease of ${leaseSeconds} s, ${kind}`,
    value,
    unit: 's',
    target: `≤ ${leaseSeconds + 1}`,
    met: value <= leaseSeconds + 1,
    detail: `from the kill until the other worker has what that one had, the longest of ${takeovers}; median ${median(waits).toFixed(2)} s`,
  };
}

interface Working {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** The next piece of news that is wanted. */
  news(wanted: (line: Readonly<Record<string, unknown>>) => boolean): Promise<void>;
}

function startWorker(
  home: string,
  ledger: string,
  { core, args = [] }: { readonly core?: number; readonly args?: readonly string[] },
): Working {
  const command = [process.execPath, mainFile, 'worker', '-j', '1', '--json', '--ledger', ledger, ...args];
  const [program, ...rest] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
  const child = spawn(program as string, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: benchEnvironment(home),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`a worker ended with ${code}: ${said.slice(-2000)}`);
  });
  ended.catch(() => undefined);
  const news: Working['news'] = (wanted) =>
    new Promise((resolve, reject) => {
      const look = (text: string): void => {
        const line = JSON.parse(text) as Record<string, unknown>;
        if (line['type'] !== 'worker-news' || !wanted(line)) return;
        lines.off('line', look);
        resolve();
      };
      lines.on('line', look);
      ended.catch(reject);
    });
  return { child, ended, news };
}
