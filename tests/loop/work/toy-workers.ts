import type { Generator } from '../../../src/generators/generator.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import type { WorkQueue, WorkTerms } from '../../../src/ledger/work-queue.ts';
import { enqueueRun } from '../../../src/loop/work/enqueue-run.ts';
import { QueueLog } from '../../../src/loop/work/queue-log.ts';
import { type WorkerOutcome, work } from '../../../src/loop/work/worker.ts';
import type { WorkerNews } from '../../../src/loop/work/worker-services.ts';
import { testsScorer } from '../../../src/scorers/tests-scorer.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { ScriptedSandbox } from '../../support/scripted-sandbox.ts';
import { testEnvironment } from '../../support/test-environment.ts';
import { startToyRun, type ToyRun, toyLedger } from '../../support/toy-run.ts';

const writer = { actor: 'test', correlation: 'test' };
const never = new AbortController().signal;

/** Long enough for a busy machine, short enough to be waited for. */
export const toyTerms: WorkTerms = { leaseMs: 400, attemptsMax: 5 };
export const toyCapabilities = ['language:javascript', 'sandbox:scripted'];

/** The queue's log as somebody reads it who writes nothing. */
export function toyLog(ledger: Ledger): QueueLog {
  return new QueueLog({ ledger, writer, clock: systemClock });
}

/** A run in a memory ledger of its own, whose episodes workers may take. */
export async function queuedToyRun(options: ToyRun, terms: WorkTerms = toyTerms) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'start');
  const run = await startToyRun(ledger, options);
  await queueToyRun(ledger, store.workQueue(), run, terms);
  return { store, ledger, run, queue: store.workQueue() };
}

export async function queueToyRun(
  ledger: Ledger,
  queue: WorkQueue,
  run: StreamName,
  terms: WorkTerms = toyTerms,
): Promise<void> {
  const services = { ledger, writer, clock: systemClock, queue, log: toyLog(ledger) };
  await enqueueRun(run, [], terms, services, never);
}

export interface ToyWorker {
  readonly store: EventStore;
  readonly queue: WorkQueue;
  /** Different for every worker: its ids come from it. */
  readonly label: string;
  readonly slots?: number;
  readonly capabilities?: readonly string[];
  readonly only?: readonly StreamName[];
  readonly forever?: boolean;
  readonly generator?: Generator;
  readonly sandbox?: ScriptedSandbox;
  readonly drain?: AbortSignal;
  readonly leave?: AbortSignal;
  readonly onNews?: (news: WorkerNews) => void;
}

/** A name that no other label gives. */
export function toyWorkerName(label: string): string {
  const digits = [...label.toUpperCase()].filter((letter) => /[0-9A-HJKMNP-TV-Z]/.test(letter)).join('');
  return `0${digits}`.padEnd(26, '0').slice(0, 26);
}

/** One worker, until it is idle or told to stop. */
export function toyWorker(options: ToyWorker): Promise<WorkerOutcome> {
  const { store, queue, label, slots = 2, capabilities = toyCapabilities } = options;
  const { generator = new ScriptedGenerator(), sandbox = new ScriptedSandbox() } = options;
  const ledger = toyLedger(store, label);
  return work(
    {
      ...{ ledger, writer, queue, sandbox, clock: systemClock },
      identity: {
        ...{ worker: toyWorkerName(label), host: 'toy', process: 1, slots },
        ...{ capabilities: [...capabilities], ...testEnvironment },
      },
      ...{ only: options.only ?? null, untilIdle: options.forever !== true },
      makeGenerator: async () => generator,
      scorerNamed: () => testsScorer,
      environment: () => testEnvironment,
      onEvent: () => undefined,
      onNews: options.onNews ?? (() => undefined),
    },
    { drain: options.drain ?? never, leave: options.leave ?? never },
  );
}
