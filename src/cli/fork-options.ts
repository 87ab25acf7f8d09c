import { createGenerator } from '../generators/registry.ts';
import { digestOf } from '../kernel/digest.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { ForkChanges } from '../loop/forked-run.ts';
import type { RunState } from '../loop/run-state.ts';
import type { CommonOptions } from './common-options.ts';
import { readPromptFile } from './read-prompt-file.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { changedStrategy } from './strategy-options.ts';

/** What `pawl fork` takes, already typed by the command line. */
export interface ForkOptions extends CommonOptions, SandboxOptions {
  readonly at?: number;
  readonly line?: string;
  readonly strategy?: string;
  readonly set: readonly string[];
  readonly generator?: string;
  /** A file; false for the rendering that is built in. */
  readonly prompt?: string | false;
  readonly candidates?: number;
  readonly maxExecutions?: number | 'none';
  readonly maxTokens?: number | 'none';
  readonly maxSteps?: number | 'none';
  readonly maxWall?: number | 'none';
  readonly resample?: boolean;
}

/**
 * Options as changes; everything that can be wrong with them is found here, before anything is written.
 *
 * @throws PawlError `USAGE`, `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `GENERATOR_UNSUITABLE`, `PROMPT_TEMPLATE_INVALID` and
 * what making the generator throws
 */
export async function forkChanges(parent: RunState, options: ForkOptions): Promise<ForkChanges> {
  const { candidates, maxExecutions, maxTokens, maxSteps, maxWall, prompt } = options;
  const strategy = changedStrategy(parent.started.strategy, options);
  const budget = {
    ...(candidates === undefined ? {} : { candidates }),
    ...(maxExecutions === undefined ? {} : { executions: limit(maxExecutions) }),
    ...(maxTokens === undefined ? {} : { tokens: limit(maxTokens) }),
    ...(maxSteps === undefined ? {} : { stepsPerExecution: limit(maxSteps) }),
  };
  const wallSeconds = maxWall === undefined ? undefined : limit(maxWall);
  const generator = await changedGenerator(parent, options.generator);
  return {
    budget,
    ...(strategy === undefined ? {} : { strategy }),
    ...(generator === undefined ? {} : { generator }),
    ...(prompt === undefined ? {} : { prompt: prompt === false ? null : await readPromptFile(prompt) }),
    ...(wallSeconds === undefined ? {} : { runWallMs: wallSeconds === null ? null : wallSeconds * 1000 }),
    resample: options.resample === true,
  };
}

function limit(value: number | 'none'): number | null {
  return value === 'none' ? null : value;
}

/** Undefined for the parent's own, which must still be what it was. */
async function changedGenerator(
  { run, started }: RunState,
  given: string | undefined,
): Promise<ForkChanges['generator']> {
  // Whoever made an imported run is not at hand; that it cannot be branched is said by who branches.
  if (given === undefined && started.imported !== null) return undefined;
  const spec = given ?? started.generatorSpec;
  const generator = await createGenerator(spec);
  await generator.close();
  if (given !== undefined) return { ref: generator.ref, spec };
  if (digestOf(generator.ref) === digestOf(started.generator)) return undefined;
  throw new PawlError(
    'GENERATOR_UNSUITABLE',
    `${spec} is not the generator that the run began with: its version or files have changed. Use those it began with, or name one with --generator; then nothing that was generated is reused.`,
    { context: { run } },
  );
}
