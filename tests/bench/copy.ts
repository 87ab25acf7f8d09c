import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { newBlob } from '../../src/ledger/ledger.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { BenchRow } from './bench-row.ts';
import { clusterPlace } from './cluster-place.ts';
import { appendInFlight, benchDirectory, median, openBenchLedger, resultText } from './ledger-fixture.ts';

const events = { sqlite: 200_000, cluster: 40_000 } as const;
const rounds = 3;
const targets = { sqlite: 30_000, cluster: 5000 } as const;

/** The real command, from the start of the process to its end, comparison of the trees included; eight streams side by side. */
export async function benchCopy(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const place = await clusterPlace();
  try {
    const rows: BenchRow[] = [];
    for (const kind of ['sqlite', 'cluster'] as const) {
      const source = join(directory.path, `${kind}.db`);
      const ledger = await openBenchLedger(source);
      await ledger.putBlobs([newBlob(resultText).blob]);
      await appendInFlight(ledger, kind, events[kind], 8, 4);
      await ledger.close();
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const to = kind === 'sqlite' ? join(directory.path, `copy-${round}.db`) : place.address();
        seconds.push(await copy(source, to, directory.path));
      }
      const value = events[kind] / median(seconds);
      rows.push({
        name: `\`pawl copy\`, SQLite to ${kind === 'sqlite' ? 'SQLite' : 'the wire server'}`,
        value,
        unit: 'events/s',
        target: `≥ ${targets[kind]}`,
        met: value >= targets[kind],
        detail: `the whole process, ${events[kind]} events of 590 bytes in appends of four, 8 streams interleaved; median of ${rounds} rounds`,
      });
    }
    return rows;
  } finally {
    await place.stop();
    directory.remove();
  }
}

async function copy(from: string, to: string, home: string): Promise<number> {
  const start = performance.now();
  const args = [join(repositoryRoot, 'src/cli/main.ts'), 'copy', from, to, '--json'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: home, XDG_CACHE_HOME: home },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`copy ended with ${code}: ${said.slice(-2000)}`);
  return (performance.now() - start) / 1000;
}
