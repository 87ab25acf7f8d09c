import type { PawlEvent } from '../events/catalogue.ts';
import { currentFlags } from '../events/replay-flags.ts';
import type { Fingerprint, GeneratorRef, StrategyRef } from '../events/run.ts';
import type { BlobRef, Budget } from '../events/shapes.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { IdSource } from '../kernel/id-source.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { type Ledger, newBlob, type WriterContext } from '../ledger/ledger.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { SplitName, Splits } from '../tasks/split.ts';
import type { Suite } from '../tasks/suite.ts';
import { freezeSplit } from './freeze-split.ts';
import { parsePromptTemplate } from './prompt-template.ts';
import { registerSuite } from './register-suite.ts';
import { episodeStream, runStream } from './stream-names.ts';

/** Several runs that differ in their strategy and in nothing else, so that they can be compared. */
export interface RunPlan {
  readonly suite: Suite;
  /** The split the tasks are from, null for the whole suite (or a selection of it). */
  readonly split: { readonly name: SplitName; readonly splits: Splits } | null;
  readonly taskIds: readonly string[];
  readonly strategies: readonly StrategyRef[];
  readonly generator: GeneratorRef;
  readonly generatorSpec: string;
  /** Text of the template that prompts are rendered from; null for the rendering that is built in. */
  readonly prompt: string | null;
  readonly scorer: Scorer;
  readonly sandbox: readonly Fingerprint[];
  readonly seed: string;
  readonly budget: Budget;
  readonly runWallMs: number | null;
}

/**
 * Writes down what is going to be done: the suite, then every run whole (its start, its budget and all of its episodes in
 * one append), so that a crash from here on leaves runs that can be resumed.
 *
 * @throws PawlError `TASK_NOT_FOUND` when the plan names none, or one that the suite does not have; `PROMPT_TEMPLATE_INVALID`
 */
export async function startRuns(
  ledger: Ledger,
  plan: RunPlan,
  ids: IdSource,
  writer: WriterContext,
): Promise<readonly StreamName[]> {
  if (plan.taskIds.length === 0) {
    throw new PawlError('TASK_NOT_FOUND', 'No task is selected. Check --split, --tasks and --limit.');
  }
  if (plan.prompt !== null) parsePromptTemplate(plan.prompt);
  const tasks = await registerSuite(ledger, plan.suite, writer);
  const missing = plan.taskIds.find((id) => !tasks.has(id));
  if (missing !== undefined) {
    throw new PawlError('TASK_NOT_FOUND', `The suite ${plan.suite.name} has no task "${missing}".`, {
      context: { task: missing },
    });
  }
  if (plan.split !== null) await freezeSplit(ledger, plan.split.splits, plan.split.name, writer);
  const prompt = plan.prompt === null ? null : newBlob(plan.prompt);
  const group = ids.next();
  const runs: StreamName[] = [];
  for (const strategy of plan.strategies) {
    const run = runStream(ids.next());
    const events = runEvents(run, strategy, plan, { group, prompt: prompt?.ref ?? null });
    const drafts = events.map((event) => ledger.draft(event, writer, null));
    await ledger.append(run, -1, drafts, prompt === null ? [] : [prompt.blob]);
    runs.push(run);
  }
  return runs;
}

function runEvents(
  run: StreamName,
  strategy: StrategyRef,
  plan: RunPlan,
  shared: { readonly group: string; readonly prompt: BlobRef | null },
): readonly PawlEvent[] {
  const { suite, split, generator, generatorSpec, sandbox, seed, taskIds, budget, runWallMs, scorer } = plan;
  return [
    {
      type: 'RunStarted',
      data: {
        suite: suite.digest,
        suiteName: suite.name,
        split: split?.name ?? null,
        strategy,
        generator,
        generatorSpec,
        prompt: shared.prompt,
        scorer: { name: scorer.name, version: scorer.version },
        sandbox: [...sandbox],
        seed,
        tasks: taskIds.length,
        group: shared.group,
        flags: [...currentFlags],
        forkedFrom: null,
        imported: null,
      },
    },
    { type: 'BudgetGranted', data: { episode: budget, runWallMs } },
    ...taskIds.map(
      (task, index): PawlEvent => ({
        type: 'EpisodeScheduled',
        data: { index, task, episode: episodeStream(run, index) },
      }),
    ),
  ];
}
