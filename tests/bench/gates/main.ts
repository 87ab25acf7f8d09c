import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { table } from '../../../src/cli/table.ts';
import { type Cell, cells } from './cells.ts';
import type { Share, Sums } from './worker.ts';

/**
 * `npm run bench:gates`: improvement loops in which the truth is known, decided by the product's own gate code, beside what the
 * reference simulations found. `--loops N` for fewer (the default is what the reference ran).
 */
const { values } = parseArgs({ options: { loops: { type: 'string' } } });
const rows: string[][] = [];
const startMs = performance.now();
for (const cell of cells) {
  const loops = values.loops === undefined ? cell.loops : Number(values.loops);
  process.stderr.write(`${cell.table}: ${cell.gate}, n = ${cell.items}, ${loops} loops …\n`);
  rows.push(row(cell, await simulate(cell, loops)));
}
const head = [
  'table',
  'gate',
  'n',
  'false promotion',
  'reference',
  'accuracy',
  'reference',
  'held-out evaluations',
];
process.stdout.write(`${table(head, rows)}\n`);
process.stderr.write(`${Math.round((performance.now() - startMs) / 1000)} s\n`);

async function simulate(
  { reference: _, table: __, loops: ___, ...options }: Cell,
  loops: number,
): Promise<Sums> {
  const threads = availableParallelism();
  const shares = Array.from({ length: threads }, (_unused, index) => ({
    ...options,
    from: Math.floor((loops * index) / threads),
    to: Math.floor((loops * (index + 1)) / threads),
  }));
  const parts = await Promise.all(shares.map(inThread));
  return parts.reduce((left, right) => ({
    loops: left.loops + right.loops,
    withFalse: left.withFalse + right.withFalse,
    accuracy: left.accuracy + right.accuracy,
    accuracySquares: left.accuracySquares + right.accuracySquares,
    evaluations: left.evaluations + right.evaluations,
  }));
}

function inThread(share: Share): Promise<Sums> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function row({ table: name, gate, items, reference }: Cell, sums: Sums): string[] {
  const rate = sums.withFalse / sums.loops;
  const mean = sums.accuracy / sums.loops;
  const variance = Math.max(0, sums.accuracySquares / sums.loops - mean ** 2);
  return [
    name,
    gate,
    String(items),
    `${rate.toFixed(4)} ± ${Math.sqrt((rate * (1 - rate)) / sums.loops).toFixed(4)}`,
    String(reference.falsePromotion),
    `${mean.toFixed(3)} ± ${Math.sqrt(variance / sums.loops).toFixed(3)}`,
    reference.accuracy === null ? '' : String(reference.accuracy),
    (sums.evaluations / sums.loops).toFixed(0),
  ];
}
