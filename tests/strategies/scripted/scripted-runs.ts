import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../../../src/events/episode.ts';
import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import type { Fingerprint, StrategyRef } from '../../../src/events/run.ts';
import type { Budget } from '../../../src/events/shapes.ts';
import type { Generator } from '../../../src/generators/generator.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { type Clock, steppingClock } from '../../../src/kernel/clock.ts';
import { type IdSource, seededIdSource } from '../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import type { Ledger, WriterContext } from '../../../src/ledger/ledger.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { executeRun, type RunOutcome } from '../../../src/loop/execute-run.ts';
import { startRuns } from '../../../src/loop/start-runs.ts';
import { testsScorer } from '../../../src/scorers/tests-scorer.ts';
import { makeSuite } from '../../../src/tasks/make-suite.ts';
import type { Task } from '../../../src/tasks/task.ts';
import { testEnvironment } from '../../support/test-environment.ts';
import { scriptedFingerprint } from './scripted-ports.ts';

export const unlimited: Budget = {
  candidates: null,
  executions: null,
  tokens: null,
  stepsPerExecution: null,
};
const writer: WriterContext = { actor: 'test', correlation: 'test' };

/** A memory ledger, and the clock and ids it is written with; equal seeds give equal records. */
export interface Desk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export async function openDesk(idSeed: string): Promise<Desk> {
  const clock = steppingClock(Date.UTC(2026, 0, 1), 1);
  const ids = seededIdSource(clock, seededRandom(idSeed));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock, ids });
  return { ledger, clock, ids };
}

export interface ScriptedPlan {
  readonly tasks: readonly Task[];
  readonly strategies: readonly StrategyRef[];
  readonly seed: string;
  readonly budget: Budget;
  /** Text of a prompt template. */
  readonly prompt?: string;
  /** What executes it, where that is not the scripted interpreter itself. */
  readonly interpreter?: Fingerprint;
}

/** Writes the runs down, one per strategy, and gives their streams. */
export function planRuns(desk: Desk, plan: ScriptedPlan): Promise<readonly StreamName[]> {
  const { tasks, strategies, seed, budget } = plan;
  const suite = makeSuite('scripted', 'scripted', tasks);
  return startRuns(
    desk.ledger,
    {
      ...{ suite, split: null, taskIds: tasks.map(({ view }) => view.id), strategies, seed, budget },
      ...{
        generator: { name: 'scripted', version: 1, config: {} },
        generatorSpec: 'scripted',
        prompt: plan.prompt ?? null,
      },
      ...{ scorer: testsScorer, sandbox: [plan.interpreter ?? scriptedFingerprint], runWallMs: null },
    },
    desk.ids,
    writer,
  );
}

export interface Session {
  readonly generator: Generator;
  readonly sandbox: Sandbox;
  readonly concurrency: number;
  readonly pause?: AbortSignal;
  /** Throwing here is a process that died right after the event became durable. */
  readonly onEvent?: (event: EpisodeEvent, stream: StreamName) => void;
}

/** One session of a run, until it has finished, was paused or died. */
export function workOn(desk: Desk, run: StreamName, session: Session): Promise<RunOutcome> {
  const { generator, sandbox, concurrency, pause, onEvent } = session;
  const services = {
    ...{ ledger: desk.ledger, writer, generator, sandbox, clock: desk.clock, concurrency },
    ...{ environment: testEnvironment, scorer: testsScorer, onEvent: onEvent ?? (() => undefined) },
  };
  const never = new AbortController().signal;
  return executeRun(run, services, { pause: pause ?? never, abort: never });
}

export async function allEvents({ ledger }: Desk): Promise<readonly AnyRecordedEvent[]> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readAll()) events.push(event);
  return events;
}
