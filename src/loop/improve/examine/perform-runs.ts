import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import { interpreterIdentity } from '../../../events/interpreter-identity.ts';
import type { Fingerprint } from '../../../events/run.ts';
import type { SlotContents } from '../../../events/slots.ts';
import type { Digest, EventId, StreamName } from '../../../kernel/brand.ts';
import { digestOf } from '../../../kernel/digest.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { scorerNamed } from '../../../scorers/registry.ts';
import type { SplitName } from '../../../tasks/split.ts';
import type { Suite } from '../../../tasks/suite.ts';
import { checkedInterpreters } from '../../checked-interpreters.ts';
import { executeRun, type RunSignals } from '../../execute-run.ts';
import { readRunState } from '../../run-state.ts';
import { startRuns } from '../../start-runs.ts';
import { runStream } from '../../stream-names.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { frozenSplits } from './frozen-splits.ts';
import type { GateServices } from './gate-services.ts';
import type { KnownRun } from './line-evaluations.ts';
import { suiteOf } from './line-gate.ts';
import { readOutcomes, type SideOutcome } from './read-outcomes.ts';
import { readContents } from './slot-contents.ts';

/** A configuration that is to be run on some items, unless that was done before. */
export interface WantedRuns {
  readonly configuration: Digest;
  readonly slots: SlotContents;
  readonly split: string;
  readonly items: readonly string[];
  /** Whether a run was announced for this very purpose, and is the one to go on with. */
  isOwn(known: KnownRun): boolean;
  /** What is written before the run is read or begun. */
  announce(run: StreamName, items: Digest): PawlEvent;
  /** How many of its episodes have finished. */
  onProgress(run: StreamName, done: number): void;
}

export interface PerformedRuns {
  /** One per repeat. */
  readonly runs: readonly StreamName[];
  /** In the order of the items. */
  readonly outcomes: readonly SideOutcome[];
}

/**
 * Finds or makes the runs of a configuration on some items, one per repeat that the gate asks for, and reads what came of them.
 * Each is announced in the line before it begins, so that whoever goes on after a crash finds it: asked for and not begun, it
 * is begun; begun and not finished, it is gone on with. What the same gate has seen of the same configuration on the same items
 * is taken as it was, as long as nothing failed in it but candidates, and the interpreters are the same.
 *
 * @throws PawlError `INTERRUPTED` after a pause, and what runs throw
 */
export async function performRuns(
  line: ImprovementLine,
  services: GateServices,
  definition: GateDefinition,
  wanted: WantedRuns,
  signals: RunSignals,
): Promise<PerformedRuns> {
  const suite = await suiteOf(line, services);
  const here = await fingerprints(suite, services);
  const items = digestOf(wanted.items);
  const repeats = definition.metric === 'graded-repeats' ? definition.repeats : 1;
  const usable = await usableRuns(line, services, definition, { ...wanted, digest: items, here });
  const runs: StreamName[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const run = usable.own[repeat] ?? usable.earlier[repeat] ?? runStream(services.ids.next());
    if (usable.own[repeat] === undefined) await line.append([wanted.announce(run, items)], [], signals.abort);
    const seed = repeat === 0 ? definition.evaluation.seed : `${definition.evaluation.seed}/repeat ${repeat}`;
    if ((await services.ledger.lastRevision(run)) === -1)
      await start(run, services, definition, { suite, here, seed, wanted });
    await finish(run, services, wanted, signals);
    runs.push(run);
  }
  return { runs, outcomes: await readOutcomes(services.ledger, runs, definition.metric) };
}

interface Usable {
  /** Announced for the same purpose before. */
  readonly own: readonly StreamName[];
  /** Announced for another one, and complete. */
  readonly earlier: readonly StreamName[];
}

async function usableRuns(
  line: ImprovementLine,
  { ledger }: GateServices,
  { metric }: GateDefinition,
  wanted: WantedRuns & { readonly digest: Digest; readonly here: readonly Fingerprint[] },
): Promise<Usable> {
  const { gate } = line.state;
  const [own, earlier] = [new Set<StreamName>(), new Set<StreamName>()];
  for (const known of line.evaluations.runs) {
    const { run, configuration, items } = known;
    if (known.gate !== gate?.digest || configuration !== wanted.configuration || items !== wanted.digest)
      continue;
    const isBegun = (await ledger.lastRevision(run)) >= 0;
    if (isBegun && !(await isExecutedBy(wanted.here, ledger, run))) continue;
    if (wanted.isOwn(known)) own.add(run);
    else if (isBegun && (await isComplete(ledger, run, metric))) earlier.add(run);
  }
  return { own: [...own], earlier: [...earlier] };
}

/** Other interpreters may count other steps: what they did is not compared with what is done here. */
async function isExecutedBy(
  here: readonly Fingerprint[],
  ledger: GateServices['ledger'],
  run: StreamName,
): Promise<boolean> {
  const { started } = await readRunState(ledger, run);
  return digestOf(started.sandbox.map(interpreterIdentity)) === digestOf(here.map(interpreterIdentity));
}

async function isComplete(
  ledger: GateServices['ledger'],
  run: StreamName,
  metric: GateDefinition['metric'],
): Promise<boolean> {
  const { finished } = await readRunState(ledger, run);
  if (finished === null) return false;
  return (await readOutcomes(ledger, [run], metric)).every(({ score }) => score !== null);
}

async function fingerprints(suite: Suite, { sandbox }: GateServices): Promise<readonly Fingerprint[]> {
  const languages = [...new Set(suite.tasks.map(({ view }) => view.language))].sort();
  return Promise.all(languages.map((language) => sandbox.fingerprint(language)));
}

async function start(
  run: StreamName,
  services: GateServices,
  { evaluation }: GateDefinition,
  given: {
    readonly suite: Suite;
    readonly here: readonly Fingerprint[];
    readonly seed: string;
    readonly wanted: WantedRuns;
  },
): Promise<void> {
  const { suite, here, seed, wanted } = given;
  const { strategy, generator, scorer, prompt } = await readContents(services.ledger, wanted.slots);
  const splits = await frozenSplits(services.ledger, suite.digest);
  // The stream was named when the run was announced, so that it can be found again.
  const ids = { next: () => run.slice('run-'.length) as EventId };
  await startRuns(
    services.ledger,
    {
      suite,
      split: { name: wanted.split as SplitName, splits },
      taskIds: wanted.items,
      strategies: [strategy],
      generator: generator.ref,
      generatorSpec: generator.spec,
      prompt: prompt?.template ?? null,
      scorer: scorerNamed(scorer.name),
      sandbox: here,
      seed,
      budget: evaluation.budget,
      runWallMs: null,
    },
    ids,
    services.writer,
  );
}

async function finish(
  run: StreamName,
  services: GateServices,
  { onProgress }: WantedRuns,
  signals: RunSignals,
): Promise<void> {
  const { ledger, writer, sandbox, clock, concurrency } = services;
  const { started, finished } = await readRunState(ledger, run);
  if (finished !== null) return;
  const interpreters = await checkedInterpreters(started.sandbox, sandbox);
  const generator = await services.createGenerator(started.generatorSpec);
  try {
    if (digestOf(generator.ref) !== digestOf(started.generator)) {
      throw new PawlError(
        'GENERATOR_UNSUITABLE',
        `${started.generatorSpec} is not the generator that was proposed: its version or files have changed. Use those of that time, or propose it anew.`,
        { context: { run } },
      );
    }
    let done = 0;
    onProgress(run, done);
    const { status } = await executeRun(
      run,
      {
        ...{ ledger, writer, generator, sandbox, clock, concurrency },
        scorer: scorerNamed(started.scorer.name),
        environment: services.environment(interpreters),
        onEvent: ({ type }) => {
          if (type !== 'EpisodeFinished') return;
          done += 1;
          onProgress(run, done);
        },
      },
      signals,
    );
    if (status === 'finished') return;
  } finally {
    await generator.close();
  }
  throw new PawlError(
    'INTERRUPTED',
    'It was stopped; everything so far is recorded. The same command goes on.',
  );
}
