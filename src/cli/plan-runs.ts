import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint, GeneratorRef } from '../events/run.ts';
import { createGenerator } from '../generators/registry.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { RunPlan } from '../loop/start-runs.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { defaultSplits } from '../tasks/default-splits.ts';
import { loadSuite } from '../tasks/registry.ts';
import type { SplitName } from '../tasks/split.ts';
import type { Suite } from '../tasks/suite.ts';
import { type BudgetOptions, budgetOf } from './budget-options.ts';
import { readPromptFile } from './read-prompt-file.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { strategyRefs } from './strategy-options.ts';

/** What `pawl run` takes, already typed by the command line. */
export interface RunOptions extends BudgetOptions, SandboxOptions {
  readonly suite: string;
  readonly split?: SplitName;
  readonly tasks?: readonly string[];
  readonly limit?: number;
  readonly strategy: readonly string[];
  readonly set: readonly string[];
  readonly maxWall?: number;
  readonly generator: string;
  readonly prompt?: string;
  readonly seed: string;
}

/** Turns options into a plan; everything that can be wrong with them is found here, before anything is written. */
export async function planRuns(options: RunOptions, sandbox: Sandbox): Promise<RunPlan> {
  const strategies = strategyRefs(options.strategy, options.candidates, options.set);
  const suite = await loadSuite(options.suite);
  const split = options.split === undefined ? null : { name: options.split, splits: defaultSplits(suite) };
  return {
    suite,
    split,
    taskIds: selectTasks(suite, split === null ? null : split.splits.parts[split.name], options),
    strategies,
    generator: await generatorRef(options.generator),
    generatorSpec: options.generator,
    prompt: options.prompt === undefined ? null : await readPromptFile(options.prompt),
    scorer: scorerNamed('tests'),
    sandbox: await fingerprints(suite, sandbox),
    seed: options.seed,
    budget: budgetOf(options),
    runWallMs: options.maxWall === undefined ? null : options.maxWall * 1000,
  };
}

function selectTasks(
  suite: Suite,
  part: readonly string[] | null,
  { tasks, limit }: RunOptions,
): readonly string[] {
  const ids = part ?? suite.tasks.map(({ view }) => view.id);
  const unknown = tasks?.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const example = ids[0] ?? '';
    throw new PawlError(
      'TASK_NOT_FOUND',
      `${part === null ? 'The suite' : 'That split of'} ${suite.name} has no task "${unknown}"; one it has is "${example}".`,
      {
        context: { task: unknown },
      },
    );
  }
  return [...new Set(tasks ?? ids)].slice(0, limit);
}

/** A generator says what it is only when it has read what it is made of; each run then opens its own. */
async function generatorRef(spec: string): Promise<GeneratorRef> {
  const generator = await createGenerator(spec);
  await generator.close();
  return generator.ref;
}

async function fingerprints(suite: Suite, sandbox: Sandbox): Promise<readonly Fingerprint[]> {
  const languages = [...new Set(suite.tasks.map(({ view }) => view.language))].sort();
  return Promise.all(languages.map((language) => sandbox.fingerprint(language)));
}
