import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { gateDefinitionSchema } from '../../gates/definition/gate-definition.ts';
import { createGenerator, generatorNames } from '../generators/registry.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { type LineSplits, makeGateDefinition } from '../loop/improve/examine/make-gate-definition.ts';
import type { NewLine } from '../loop/improve/examine/open-line.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { defaultSplits } from '../tasks/default-splits.ts';
import { loadSuite, suiteFormats } from '../tasks/registry.ts';
import { shareSplits } from '../tasks/share-splits.ts';
import { type SplitName, type Splits, splitNames } from '../tasks/split.ts';
import { type BudgetOptions, budgetOf } from './budget-options.ts';
import { collect, positiveInteger, positiveOrNone } from './common-options.ts';
import { readPromptFile } from './read-prompt-file.ts';
import { strategyRefs } from './strategy-options.ts';

const policies = ['certified', 'every-candidate', 'explore', 'fresh-shard'] as const;
/** Enough for any sensible public test, as for `pawl run`. */
const maxStepsDefault = 500_000;

/** What a line of improvement is opened with. */
export interface LineOptions extends BudgetOptions {
  readonly suite: string;
  readonly shares?: string;
  readonly dev: SplitName;
  readonly heldout: SplitName;
  readonly sealed: SplitName | 'none';
  readonly policy?: (typeof policies)[number];
  readonly gate?: string;
  readonly strategy: string;
  readonly set: readonly string[];
  readonly generator: string;
  readonly prompt?: string;
  readonly seed: string;
}

/** Names of the options that only count while a line is opened. */
export const openingOptions = [
  ...['suite', 'shares', 'dev', 'heldout', 'sealed', 'policy', 'gate', 'strategy', 'set', 'candidates'],
  ...['maxExecutions', 'maxTokens', 'maxSteps', 'generator', 'prompt'],
] as const;

export function withLineOptions(command: Command): Command {
  const suites = suiteFormats.map(({ usage }) => usage).join(', ');
  const split = (flag: string, text: string, usual: SplitName): Option =>
    new Option(flag, text).choices(splitNames).default(usual);
  return command
    .option('--suite <spec>', `new line: tasks: ${suites}`, 'starter')
    .option(
      '--shares <numbers>',
      'new line: shares of optimize, select, heldout and final, such as 63:0:100:0',
    )
    .addOption(split('--dev <split>', 'new line: split that challengers are screened on', 'select'))
    .addOption(split('--heldout <split>', 'new line: split that the gate alone reads', 'heldout'))
    .addOption(
      new Option('--sealed <split>', 'new line: split for the final test, once')
        .choices([...splitNames, 'none'])
        .default('final'),
    )
    .addOption(new Option('--policy <name>', 'new line: policy of the gate').choices(policies))
    .option('--gate <file>', 'new line: JSON with settings of the gate, instead of its defaults')
    .option('--strategy <name>', 'new line: strategy of the baseline', 'sequential-feedback')
    .option('--set <parameter=value>', 'new line: a parameter of that strategy (repeatable)', collect, [])
    .option('--candidates <count>', 'new line: candidates to generate per task', positiveInteger, 12)
    .option('--max-executions <count>', 'new line: executions per task', positiveInteger)
    .option('--max-tokens <count>', 'new line: model tokens per task', positiveInteger)
    .option(
      '--max-steps <count>',
      'new line: steps of one execution, or none',
      positiveOrNone,
      maxStepsDefault,
    )
    .option('--generator <spec>', `new line: who writes candidates: ${generatorNames.join(', ')}`, 'repair')
    .option('--prompt <file>', 'new line: template that prompts are rendered from');
}

/** Everything that can be wrong with the options is found here, before anything is written. */
export async function newLine(name: string, author: string, options: LineOptions): Promise<NewLine> {
  const suite = await loadSuite(options.suite);
  const splits = options.shares === undefined ? defaultSplits(suite) : shareSplits(suite, options.shares);
  const lineSplits = lineSplitsOf(splits, options);
  const [strategy] = strategyRefs([options.strategy], options.candidates, options.set);
  if (strategy === undefined) throw new PawlError('USAGE', '--strategy names one strategy.');
  const generator = await createGenerator(options.generator);
  await generator.close();
  const scorer = scorerNamed('tests');
  const scorerContent = { name: scorer.name, version: scorer.version };
  const settings = options.gate === undefined ? { name } : await readGateFile(options.gate, name);
  const definition = makeGateDefinition({
    ...settings,
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    suite,
    splits: lineSplits,
    scorer: scorerContent,
    seed: options.seed,
    budget: budgetOf(options),
  });
  const prompt = options.prompt === undefined ? null : { template: await readPromptFile(options.prompt) };
  return {
    ...{ name, suite, suiteSpec: options.suite, plan: splits, splits: lineSplits, definition, author },
    baseline: {
      strategy,
      generator: { spec: options.generator, ref: generator.ref },
      scorer: scorerContent,
      prompt,
    },
  };
}

function lineSplitsOf(splits: Splits, { dev, heldout, sealed }: LineOptions): LineSplits {
  const part = (split: SplitName) => {
    const items = splits.parts[split];
    if (items.length > 0) return { split, items };
    throw new PawlError('SPLIT_INVALID', `The split "${split}" has no tasks; give it a share (--shares).`);
  };
  const isNone = sealed === 'none' || splits.parts[sealed].length === 0;
  return {
    optimize: part('optimize'),
    // Without a part of its own, the dev screen looks where the search looks.
    dev: part(splits.parts[dev].length === 0 ? 'optimize' : dev),
    heldout: part(heldout),
    sealed: isNone ? null : part(sealed),
  };
}

async function readGateFile(path: string, name: string) {
  try {
    const text = await readFile(path, 'utf8');
    const given: unknown = JSON.parse(text);
    const shape = z.object(gateDefinitionSchema.shape).partial().omit({ evaluation: true, format: true });
    const parsed = shape.strict().safeParse(given);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    // Only what the file says: the rest are the defaults of the definition.
    return { name, ...(given as Omit<Partial<z.input<typeof shape>>, 'name'>) };
  } catch (cause) {
    throw new PawlError('GATE_INVALID', `--gate ${path} is not usable: ${messageOf(cause)}`, { cause });
  }
}
