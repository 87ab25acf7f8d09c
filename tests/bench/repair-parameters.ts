import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type RepairParameters,
  repairParametersSchema,
} from '../../src/generators/repair/repair-parameters.ts';
import { type MeasuredRun, type Measuring, openMeasuring } from './solved-tasks.ts';

/**
 * What each parameter does on the starter suite, by how many tasks are solved. Only the splits that search may look at:
 * `npm run bench:repair -- --write` puts the tables into docs/reference/repair-parameters.md.
 */
const seeds = ['1', '2'];
const others: Readonly<Record<keyof RepairParameters, readonly [number, number]>> = {
  blindSpread: [0, 1],
  informedSpread: [0, 1],
  priorWeight: [0, 2],
  localizationWeight: [0, 8],
  unreachedPenalty: [0, 10],
  valueHintWeight: [0, 2],
  crashHintWeight: [0, 2],
  basesMax: [0, 6],
  secondOrderPenalty: [0, 6],
  gainBonus: [0, 6],
};
/** Nothing else makes a difference where it is not said how candidates ran. */
const blind: readonly string[] = ['blindSpread', 'priorWeight'];
const uninformed: readonly string[] = ['blindSpread'];

const page = resolve(import.meta.dirname, '../../docs/reference/repair-parameters.md');
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const measuring = await openMeasuring(2);
try {
  const tables: Readonly<Record<string, string>> = {
    strategies: await strategiesTable(measuring),
    parameters: await parametersTable(measuring),
    chain: await chainTable(measuring),
  };
  for (const [name, table] of Object.entries(tables)) {
    process.stdout.write(`${table}\n\n`);
    if (values.write) write(name, table);
  }
} finally {
  await measuring.close();
}

async function strategiesTable({ run }: Measuring): Promise<string> {
  const rows: string[] = [];
  for (const strategy of ['best-of-n', 'unary-retry', 'sequential-feedback']) {
    const { splits, wallMs } = await run({
      strategy,
      params: {},
      generator: 'repair',
      seed: '1',
      fresh: true,
    });
    const cells = [splits.optimize, splits.select].map(
      ({ tasks, publicPass, hiddenPass }) => `${publicPass} | ${hiddenPass} of ${tasks}`,
    );
    rows.push(`| \`${strategy}\` | ${cells.join(' | ')} | ${(wallMs / 1000).toFixed(1)} s |`);
  }
  const head = [
    '| strategy | `optimize`: public | hidden | `select`: public | hidden | wall time |',
    '|---|---|---|---|---|---|',
  ];
  return [...head, ...rows].join('\n');
}

async function parametersTable({ run }: Measuring): Promise<string> {
  const solved = (strategy: string, config: object): Promise<string> =>
    overSeeds(run, { strategy, params: {}, generator: `repair:${JSON.stringify(config)}` });
  const { properties = {} } = z.toJSONSchema(repairParametersSchema, { io: 'input' });
  const [informedDefault, blindDefault] = [
    await solved('sequential-feedback', {}),
    await solved('unary-retry', {}),
  ];
  const rows = [`| (all defaults) | | | ${informedDefault} | ${blindDefault} |`];
  for (const [name, pair] of Object.entries(others)) {
    const { minimum, maximum, default: usual } = properties[name] as z.core.JSONSchema.Schema;
    for (const value of pair) {
      const config = { [name]: value };
      const informed = uninformed.includes(name) ? 'the same' : await solved('sequential-feedback', config);
      const told = blind.includes(name) ? await solved('unary-retry', config) : 'the same';
      rows.push(
        `| \`${name}\` = ${value} | ${String(usual)} | ${minimum} to ${maximum} | ${informed} | ${told} |`,
      );
    }
  }
  const head = [
    '| setting | default | range | `sequential-feedback` | `unary-retry` |',
    '|---|---|---|---|---|',
  ];
  return [...head, ...rows].join('\n');
}

async function chainTable({ run }: Measuring): Promise<string> {
  const rows: string[] = [];
  for (const params of [{}, { restartAfter: 2 }, { memory: 1 }]) {
    const cells: string[] = [];
    for (const strategy of ['sequential-feedback', 'unary-retry'])
      cells.push(await overSeeds(run, { strategy, params, generator: 'repair' }));
    const [setting = '(all defaults)'] = Object.entries(params).map(
      ([name, value]) => `\`${name}\` = ${value}`,
    );
    rows.push(`| ${setting} | ${cells.join(' | ')} |`);
  }
  return ['| setting | `sequential-feedback` | `unary-retry` |', '|---|---|---|', ...rows].join('\n');
}

/** Hidden passes of both splits together, of each seed. */
async function overSeeds(
  run: Measuring['run'],
  setting: Omit<MeasuredRun, 'seed' | 'fresh'>,
): Promise<string> {
  const counts: number[] = [];
  for (const seed of seeds) {
    const { optimize, select } = (await run({ ...setting, seed, fresh: false })).splits;
    counts.push(optimize.hiddenPass + select.hiddenPass);
  }
  return counts.join(', ');
}

function write(name: string, table: string): void {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its marks "${name}".`);
  writeFileSync(page, `${before}${begin}\n${table}\n${end}${after}`);
}
