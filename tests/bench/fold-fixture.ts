import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategies, strategyRef } from '../../src/strategies/registry.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import { renamed, renamedData } from '../projections/scaled-history.ts';

const writer = { actor: 'bench', correlation: 'bench' };

/** The first tasks of the starter suite under every strategy, as `pawl start` would run them; about 70 events a task each. */
export async function recordRealRuns(tasks: number): Promise<readonly AnyRecordedEvent[]> {
  const ids = seededIdSource(systemClock, seededRandom('bench fold'));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock: systemClock, ids });
  const sandbox = createWasmSandbox({ workers: 2, languages: ['javascript'] });
  const generator = await createGenerator('repair');
  try {
    const suite = await loadStarterSuite();
    const plan = {
      ...{ suite, split: null, taskIds: suite.tasks.slice(0, tasks).map(({ view }) => view.id), seed: '1' },
      ...{ strategies: strategies.map((strategy) => strategyRef(strategy, {})), scorer: testsScorer },
      ...{ generator: generator.ref, generatorSpec: 'repair', runWallMs: null },
      prompt: null,
      ...{ sandbox: [await sandbox.fingerprint('javascript')] },
      budget: { candidates: null, executions: null, tokens: null, stepsPerExecution: null },
    };
    const environment = currentEnvironment(plan.sandbox);
    const ports = { generator, scorer: testsScorer, sandbox, environment, clock: systemClock };
    const services = { ledger, writer, ...ports };
    const never = { pause: new AbortController().signal, abort: new AbortController().signal };
    for (const run of await startRuns(ledger, plan, ids, writer))
      await executeRun(run, { ...services, concurrency: 2, onEvent: () => undefined }, never);
    const events: AnyRecordedEvent[] = [];
    for await (const event of ledger.readAll()) events.push(event);
    return events;
  } finally {
    await generator.close();
    await sandbox.close();
    await ledger.close();
  }
}

/** The runs `copies` times over, all written side by side, each in the pieces it was written in first. */
export async function appendCopies(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
  copies: number,
): Promise<void> {
  const pieces = piecesOf(events.filter(({ stream }) => !stream.startsWith('suite-')));
  const writeCopy = async (copy: number): Promise<void> => {
    const revisions = new Map<StreamName, number>();
    for (const piece of pieces) {
      const first = piece[0];
      if (first === undefined) continue;
      const stream = renamed(first.stream, copy);
      const drafts = piece.map(({ type, data }) =>
        ledger.draft({ type, data: renamedData(data, copy) } as PawlEvent, writer, null),
      );
      const { lastRevision } = await ledger.append(stream, revisions.get(stream) ?? -1, drafts);
      revisions.set(stream, lastRevision);
    }
  };
  await Promise.all(Array.from({ length: copies }, (_, copy) => writeCopy(copy)));
}

/** Neighbours of one stream; the loop appends an outcome together with what it leads to. */
function piecesOf(events: readonly AnyRecordedEvent[]): readonly (readonly AnyRecordedEvent[])[] {
  const pieces: AnyRecordedEvent[][] = [];
  for (const event of events) {
    const last = pieces.at(-1);
    if (last?.[0]?.stream === event.stream && last.length < 8) last.push(event);
    else pieces.push([event]);
  }
  return pieces;
}
