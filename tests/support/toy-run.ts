import { episodeProjection } from '../../projections/episode.ts';
import { fold } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Budget } from '../../src/events/shapes.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { type Clock, steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import type { Json } from '../../src/kernel/json.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { executeRun, type RunOutcome, type RunServices } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import type { Scorer } from '../../src/scorers/scorer.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import type { Task } from '../../src/tasks/task.ts';
import { ScriptedGenerator, scriptedGeneratorRef } from './scripted-generator.ts';
import { ScriptedSandbox, scriptedFingerprint } from './scripted-sandbox.ts';
import { testEnvironment } from './test-environment.ts';

const startMs = Date.UTC(2026, 0, 1);
const writer = { actor: 'test', correlation: 'test' };

/** A ledger as one process has it: its own clock and ids. Sessions of one run differ in their label. */
export function toyLedger(
  store: EventStore,
  label: string,
  clock: Clock = steppingClock(startMs, 1),
): Ledger {
  return new Ledger(store, clock, seededIdSource(clock, seededRandom(label)));
}

export interface ToyRun {
  readonly strategy: string;
  /** What the run says was its version; the build's own where left out. */
  readonly strategyVersion?: number;
  readonly params?: Readonly<Record<string, Json>>;
  readonly tasks: readonly Task[];
  readonly seed?: string;
  /** Text of a prompt template. */
  readonly prompt?: string;
  readonly budget?: Partial<Budget>;
  readonly runWallMs?: number;
}

/** Writes a run down; nothing is performed yet. */
export async function startToyRun(ledger: Ledger, options: ToyRun): Promise<StreamName> {
  const { strategy, params = {}, tasks, seed = 'toy', budget = {}, runWallMs = null } = options;
  const clock = steppingClock(startMs, 1);
  const ref = strategyRef(strategyNamed(strategy), params);
  const [run] = await startRuns(
    ledger,
    {
      suite: makeSuite('toy', 'native', tasks),
      split: null,
      taskIds: tasks.map(({ view }) => view.id),
      strategies: [{ ...ref, version: options.strategyVersion ?? ref.version }],
      generator: scriptedGeneratorRef,
      generatorSpec: 'scripted',
      prompt: options.prompt ?? null,
      scorer: testsScorer,
      sandbox: [scriptedFingerprint],
      seed,
      budget: { candidates: null, executions: null, tokens: null, stepsPerExecution: null, ...budget },
      runWallMs,
    },
    seededIdSource(clock, seededRandom(`run ids ${options.strategyVersion ?? ''}`)),
    writer,
  );
  return run as StreamName;
}

/** What a session needs besides its ledger; instant scripted ports where left out. */
export interface ToySession {
  readonly concurrency?: number;
  readonly generator?: ScriptedGenerator;
  readonly sandbox?: Sandbox;
  readonly scorer?: Scorer;
  readonly clock?: Clock;
  readonly onEvent?: (event: EpisodeEvent, stream: StreamName) => void;
  readonly pause?: AbortSignal;
  readonly abort?: AbortSignal;
}

export function workOn(ledger: Ledger, run: StreamName, session: ToySession = {}): Promise<RunOutcome> {
  const never = new AbortController().signal;
  return executeRun(run, toyServices(ledger, session), {
    pause: session.pause ?? never,
    abort: session.abort ?? never,
  });
}

export function toyServices(ledger: Ledger, session: ToySession): RunServices {
  return {
    ledger,
    writer,
    generator: session.generator ?? new ScriptedGenerator(),
    scorer: session.scorer ?? testsScorer,
    sandbox: session.sandbox ?? new ScriptedSandbox(),
    environment: testEnvironment,
    clock: session.clock ?? steppingClock(startMs, 1),
    concurrency: session.concurrency ?? 1,
    onEvent: session.onEvent ?? (() => undefined),
  };
}

export async function eventsOf(ledger: Ledger, stream: StreamName): Promise<AnyRecordedEvent[]> {
  return Array.fromAsync(ledger.readStream(stream));
}

/** What the run came to, folded from the ledger. */
export async function outcomeDigest(ledger: Ledger, run: StreamName): Promise<Digest> {
  const events = await Array.fromAsync(ledger.readAll());
  return runOutcomeDigest(fold(runProjection, events), fold(episodeProjection, events), run);
}
