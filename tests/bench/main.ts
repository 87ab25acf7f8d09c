import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../src/cli/table.ts';
import type { BenchRow } from './bench-row.ts';
import { benchClusterAppends } from './cluster-appends.ts';
import { benchClusterRead } from './cluster-read.ts';
import { benchContainers } from './containers/containers.ts';
import { benchCopy } from './copy.ts';
import { benchFold } from './fold.ts';
import { benchGatesDecision } from './gates-decision.ts';
import { benchGatesFold } from './gates-fold.ts';
import { benchLedger } from './ledger.ts';
import { benchLoop } from './loop.ts';
import { benchReplay } from './replay.ts';
import { benchRerun } from './rerun.ts';
import { benchJavascriptSandbox } from './sandbox-javascript.ts';
import { benchPythonSandbox } from './sandbox-python.ts';
import { benchSnapshot } from './snapshot.ts';
import { benchVerify } from './verify.ts';
import { benchWorkers } from './workers.ts';

/**
 * `npm run bench`: every figure, each measured against its baseline in this run. `--only NAME` for one group, `--write` to put
 * the table into docs/reference/performance.md, `--json` for JSON lines.
 */
const benches: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  ledger: benchLedger,
  fold: benchFold,
  snapshot: benchSnapshot,
  verify: benchVerify,
  loop: benchLoop,
  replay: benchReplay,
  javascript: benchJavascriptSandbox,
  python: benchPythonSandbox,
  rerun: benchRerun,
  gates: async () => [...(await benchGatesDecision()), ...(await benchGatesFold())],
  cluster: async () => [...(await benchClusterAppends()), ...(await benchClusterRead())],
  copy: benchCopy,
  workers: benchWorkers,
  containers: benchContainers,
};

const page = resolve(import.meta.dirname, '../../docs/reference/performance.md');
const [begin, end] = ['<!-- figures: begin -->', '<!-- figures: end -->'];

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (values.only !== undefined && !values.only.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await bench()));
}
if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
else process.stdout.write(`${table(['what', 'measured', 'must reach', 'met'], rows.map(cells))}\n`);
if (values.write) writeTable(rows);
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;

function cells({ name, value, unit, target, met }: BenchRow): string[] {
  return [name, `${rounded(value)} ${unit}`.trim(), target, met ? 'yes' : 'NO'];
}

function rounded(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function writeTable(measured: readonly BenchRow[]): void {
  const lines = measured.map((row) => `| ${cells(row).join(' | ')} | ${row.detail.replaceAll('|', '\\|')} |`);
  const head = '| what | measured | must reach | met | how |\n|---|---|---|---|---|';
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${join(page)} has lost its figure marks.`);
  writeFileSync(page, `${before}${begin}\n${head}\n${lines.join('\n')}\n${end}${after}`);
}
