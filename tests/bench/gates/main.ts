import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../../src/cli/table.ts';
import { type Cell, loopOf, type TableName, tableNames } from './cell.ts';
import { type Claim, claimsOf, speedClaim } from './claims.ts';
import { jobsOf } from './job.ts';
import { openPool, type Pool } from './pool.ts';
import { agreement, linesOf, type Measured, markdown, rowsOf } from './report.ts';
import { tables } from './tables.ts';
import { mergeTallies } from './tally.ts';

const help = `npm run bench:gates -- [options]

Simulates improvement loops in which the truth is known, decided by the product's own gate code, and shows the tables of
docs/reference/gate-tables.md: each figure with its Monte-Carlo error, and in brackets what the reference simulations found.

  --table A|B|C|D|E|F  only this table (may be repeated)
  --loops N            at most N repetitions per row (default: as many as the reference ran, 400 to 4,000)
  --rounds T           only rows of T proposals
  --seed N             a whole number (default 1); the same seed gives the same figures on any number of threads
  --threads N          worker threads (default: one per core)
  --speed              only time 4,000 null loops
  --write              put the tables that were simulated into docs/reference/gate-tables.md
  --json               JSON lines, one per figure and one per claim
  --help               this text
`;

const { values } = parseArgs({
  options: {
    table: { type: 'string', multiple: true },
    loops: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    speed: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const page = resolve(import.meta.dirname, '../../../docs/reference/gate-tables.md');

if (values.help) process.stdout.write(help);
else await measure();

async function measure(): Promise<void> {
  const threads = wholeNumber('threads', values.threads);
  const pool = openPool(threads);
  try {
    const speed = await timeNullLoops(pool, threads);
    const measured: Measured[] = [];
    for (const cell of values.speed ? [] : wantedCells()) measured.push(await simulate(pool, cell));
    show(measured, [...claimsOf(measured), speed]);
  } finally {
    await pool.close();
  }
}

function wantedCells(): readonly Cell[] {
  const names = values.table ?? tableNames;
  for (const name of names) {
    if (!(tableNames as readonly string[]).includes(name)) {
      refuse(`There is no table ${name}; there are ${tableNames.join(', ')}.`);
    }
  }
  const rounds = values.rounds === undefined ? null : wholeNumber('rounds', values.rounds);
  return names
    .flatMap((name) => tables[name as TableName].cells)
    .filter(
      ({ experiment }) =>
        rounds === null || (experiment.kind === 'loop' && experiment.options.rounds === rounds),
    );
}

async function simulate(pool: Pool, cell: Cell): Promise<Measured> {
  const most = values.loops === undefined ? cell.repetitions : wholeNumber('loops', values.loops);
  const repetitions = Math.min(cell.repetitions, most);
  const startMs = performance.now();
  const jobs = jobsOf(cell.experiment, repetitions, wholeNumber('seed', values.seed));
  const tally = mergeTallies(await pool.run(jobs));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stderr.write(`${cell.table}: ${cell.labels.join(', ')}: ${repetitions} in ${seconds} s\n`);
  return { cell, tally };
}

/** Measured first, with threads that have just started, as everything else would be. */
async function timeNullLoops(pool: Pool, threads: number): Promise<Claim> {
  const experiment = loopOf({ gate: 'certified', items: 300, rounds: 50, discordance: 0.2 });
  const startMs = performance.now();
  await pool.run(jobsOf(experiment, 4000, wholeNumber('seed', values.seed)));
  return speedClaim((performance.now() - startMs) / 1000, threads);
}

function show(measured: readonly Measured[], claims: readonly Claim[]): void {
  const shown = tableNames.flatMap((name) => {
    const cells = measured.filter(({ cell }) => cell.table === name);
    return cells.length === 0 ? [] : [{ name, definition: tables[name], cells }];
  });
  if (values.json) {
    for (const line of measured.flatMap(linesOf)) process.stdout.write(`${JSON.stringify(line)}\n`);
    for (const claim of claims) process.stdout.write(`${JSON.stringify(claim)}\n`);
  } else {
    for (const { definition, cells } of shown) {
      const [head = [], ...rows] = rowsOf(definition, cells);
      process.stdout.write(`${definition.title}\n${table(head, rows)}\n\n`);
    }
    const { compared, agree } = agreement(measured);
    if (compared > 0) process.stdout.write(`${agree} of ${compared} figures agree with the reference.\n`);
    for (const claim of claims) process.stdout.write(`${claimText(claim)}\n`);
  }
  if (values.write) for (const { name, cells } of shown) writeTable(name, cells);
  process.exitCode = claims.every(({ holds }) => holds) ? 0 : 1;
}

function claimText({ holds, text, measured }: Claim): string {
  return `${holds ? 'PASS' : 'FAIL'} ${text}: ${measured}`;
}

/** Between the marks of its table; the other tables stay as they are. */
function writeTable(name: TableName, measured: readonly Measured[]): void {
  const [begin, end] = [`<!-- table ${name}: begin -->`, `<!-- table ${name}: end -->`];
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${page} has lost its marks of table ${name}.`);
  }
  writeFileSync(page, `${before}${begin}\n${section(name, measured)}\n${end}${after}`);
}

/** A table with how often its rows were repeated, how many figures agree, and what was claimed of it. */
function section(name: TableName, measured: readonly Measured[]): string {
  const counts = measured.flatMap(linesOf).map(({ repetitions }) => repetitions);
  const { compared, agree } = agreement(measured);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range = least === most ? String(most) : `${least} to ${most}`;
  const told = [`Seed ${values.seed}; ${range} repetitions per row.`];
  if (compared > 0) told.push(`${agree} of ${compared} figures that have a reference agree with it.`);
  const claims = claimsOf(measured).map((claim) => `- ${claimText(claim)}`);
  return [markdown(tables[name], measured), told.join(' '), claims.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text) || (name !== 'seed' && Number(text) === 0)) {
    refuse(`--${name} takes a whole number above zero, not "${text}".`);
  }
  return Number(text);
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
