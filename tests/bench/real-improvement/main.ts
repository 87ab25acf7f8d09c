import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { rememberingSandbox } from '../remembering-sandbox.ts';
import { compareRules, type ProposalRow, type RuleRow } from './compare-rules.ts';
import { openMeasure } from './measure.ts';
import { proposalTable, ruleTable, writeTables } from './report.ts';
import { baselines, type Setting } from './setting.ts';
import { sit } from './sit.ts';

const help = `npm run bench:improve -- [options]

Holds sittings of \`pawl improve\` with the repair generator, then evaluates EVERY proposal on the held-out items in ledgers of
their own, and shows what simpler rules would have promoted, beside what the gate did; at the end each promotion is looked at
again with draws that no rule decided from. The tables of docs/explanation/a-real-improvement.md.

  --suite SPEC       starter (default), or humanevalpack:FILE
  --baseline NAME    plain (default): a generator that knows nothing of bugs; or default
  --seed TEXT        may be repeated (default: 1, 2 and 3)
  --proposals N      per sitting (default 8)
  --recorded DIR     keep the ledgers there, as BASELINE-SEED.db; a sitting that is there is read and not held again
  --threads N        sandbox workers (default: one per core)
  --write            put the tables into the page, where all seeds of 8 proposals belong
  --json             JSON lines instead of tables
  --help             this text
`;

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'starter' },
    baseline: { type: 'string', default: 'plain' },
    seed: { type: 'string', multiple: true, default: ['1', '2', '3'] },
    proposals: { type: 'string', default: '8' },
    recorded: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(help);
else await measure();

async function measure(): Promise<void> {
  const { suite, baseline } = values;
  if (!(baseline in baselines)) refuse(`There is no baseline ${baseline}.`);
  const setting = { suite, baseline, proposals: wholeNumber('proposals', values.proposals) } as Setting;
  const workers = wholeNumber('threads', values.threads);
  const real = createWasmSandbox({ workers, languages: ['javascript'] });
  const sandbox = rememberingSandbox(real);
  const rules: RuleRow[] = [];
  const proposals: ProposalRow[] = [];
  try {
    const measuring = await openMeasure(setting, sandbox, workers);
    for (const seed of values.seed) {
      const startMs = performance.now();
      const path = values.recorded === undefined ? null : join(values.recorded, `${baseline}-${seed}.db`);
      const sitting = await sit(setting, seed, path, { sandbox, workers });
      const compared = await compareRules(seed, sitting, measuring);
      rules.push(...compared.rules);
      proposals.push(...compared.proposals);
      if (values.json) {
        for (const row of [...compared.rules, ...compared.proposals])
          process.stdout.write(`${JSON.stringify(row)}\n`);
      }
      const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
      process.stderr.write(`${suite}, ${baseline}, seed ${seed}: ${seconds} s\n`);
    }
  } finally {
    await real.close();
  }
  if (values.write) writeTables(`${suite.split(':')[0]} ${baseline}`, rules, proposals);
  if (!values.json) process.stdout.write(`${ruleTable(rules)}\n\n${proposalTable(proposals)}\n`);
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) refuse(`--${name} takes a whole number above zero, not "${text}".`);
  return Number(text);
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
