import type { PawlEvent } from '../events/catalogue.ts';
import type { Fingerprint, GeneratorRef, StrategyRef } from '../events/run.ts';
import type { Budget } from '../events/shapes.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { IdSource } from '../kernel/id-source.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { NewBlob } from '../ledger/event-store.ts';
import { type Ledger, newBlob, type WriterContext } from '../ledger/ledger.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { strategyNamed, strategyRef } from '../strategies/registry.ts';
import { type PromptTemplate, parsePromptTemplate } from './prompt-template.ts';
import { runPrompt } from './run-prompt.ts';
import type { RunData, RunState } from './run-state.ts';
import { episodeStream, runStream } from './stream-names.ts';

/** What is to be other than in the run that is branched. What is left out stays. */
export interface ForkChanges {
  readonly strategy?: StrategyRef;
  readonly generator?: { readonly ref: GeneratorRef; readonly spec: string };
  /** Text of a prompt template, or null for the rendering that is built in. */
  readonly prompt?: string | null;
  readonly budget?: Partial<Budget>;
  /** Milliseconds for the branch, null for no limit; what the parent used is not counted. */
  readonly runWallMs?: number | null;
  /** Draw anew: another seed, so that nothing that was generated answers the branch's requests. */
  readonly resample?: boolean;
}

/** What a branch is written down with. Its effects are performed later, by `executeRun`. */
export interface ForkServices {
  readonly ledger: Ledger;
  readonly ids: IdSource;
  readonly writer: WriterContext;
  readonly scorer: Scorer;
  /** What executes here; a language's fingerprint differs from the recorded one where it is another interpreter. */
  readonly fingerprint: (language: Fingerprint['language']) => Promise<Fingerprint>;
}

/** The first events of a forked run, and what is stored with them. */
export interface ForkedRun {
  readonly run: StreamName;
  readonly started: RunData<'RunStarted'>;
  readonly granted: RunData<'BudgetGranted'>;
  readonly episodes: readonly RunData<'EpisodeScheduled'>[];
  readonly template: PromptTemplate | null;
  readonly blobs: readonly NewBlob[];
}

/**
 * What the run of a branch says of itself: as its parent in everything but the changes. It keeps the parent's replay flags,
 * because what it takes over was made under them.
 *
 * @throws PawlError `FORK_INVALID` for a parent that this build cannot go on with; `STRATEGY_PARAMS`; `PROMPT_TEMPLATE_INVALID`;
 * `BLOB_ERASED` where the parent's template is gone
 */
export async function forkedRun(
  parent: RunState,
  forkedFrom: NonNullable<RunData<'RunStarted'>['forkedFrom']>,
  tasks: readonly string[],
  languages: readonly string[],
  changes: ForkChanges,
  { ledger, ids, scorer, fingerprint }: ForkServices,
): Promise<ForkedRun> {
  checkParent(parent, scorer);
  const run = runStream(ids.next());
  const { generator, generatorSpec, seed } = parent.started;
  const given = typeof changes.prompt === 'string' ? newBlob(changes.prompt) : null;
  const prompt = changes.prompt === undefined ? parent.started.prompt : (given?.ref ?? null);
  const template =
    typeof changes.prompt === 'string'
      ? parsePromptTemplate(changes.prompt)
      : await runPrompt(ledger, { prompt });
  const started = {
    ...parent.started,
    strategy: strategyOf(parent, changes.strategy),
    generator: changes.generator?.ref ?? generator,
    generatorSpec: changes.generator?.spec ?? generatorSpec,
    prompt,
    sandbox: await Promise.all(languages.map(fingerprint)),
    seed: changes.resample === true ? `${seed}~${run.slice(-6)}` : seed,
    tasks: tasks.length,
    group: ids.next(),
    forkedFrom,
  };
  const { episode, runWallMs } = parent.granted;
  const granted = {
    episode: { ...episode, ...changes.budget },
    runWallMs: changes.runWallMs === undefined ? runWallMs : changes.runWallMs,
  };
  const episodes = tasks.map((task, index) => ({ index, task, episode: episodeStream(run, index) }));
  return { run, started, granted, episodes, template, blobs: given === null ? [] : [given.blob] };
}

/** In one append, as every run begins: what was started can be resumed. */
export async function writeForkedRun(
  { run, started, granted, episodes, blobs }: ForkedRun,
  { ledger, writer }: ForkServices,
): Promise<void> {
  const events: PawlEvent[] = [
    { type: 'RunStarted', data: started },
    { type: 'BudgetGranted', data: granted },
    ...episodes.map((data): PawlEvent => ({ type: 'EpisodeScheduled', data })),
  ];
  await ledger.append(
    run,
    -1,
    events.map((event) => ledger.draft(event, writer, null)),
    blobs,
  );
}

function checkParent({ run, started }: RunState, { name, version }: Scorer): void {
  if (started.imported !== null) {
    throw invalid(
      run,
      'was imported: another tool decided it, so there is no decision to branch from. `pawl rerun` executes its programs.',
    );
  }
  if (name !== started.scorer.name || version !== started.scorer.version) {
    throw invalid(
      run,
      `scores with ${started.scorer.name} version ${started.scorer.version}; here it is ${name} version ${version}. Branch it with the build it began with.`,
    );
  }
}

function strategyOf({ run, started }: RunState, given: StrategyRef | undefined): StrategyRef {
  const { name, version, params } = given ?? started.strategy;
  const here = strategyRef(strategyNamed(name), params);
  if (here.version === version) return here;
  throw invalid(
    run,
    `follows ${name} version ${version}; this build has version ${here.version}. Name a strategy to go on with, or use the build it began with.`,
  );
}

function invalid(run: StreamName, problem: string): PawlError {
  return new PawlError('FORK_INVALID', `${run} ${problem}`, { context: { run } });
}
