import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { LedgerStore } from '../../src/ledger/event-store.ts';
import { interpreterCapabilities } from '../../src/loop/work/capabilities.ts';
import { type EnqueueServices, enqueueRun } from '../../src/loop/work/enqueue-run.ts';
import { QueueLog } from '../../src/loop/work/queue-log.ts';
import type { QueuedRun } from '../../src/loop/work/queue-state.ts';
import { recordedFailure } from '../../src/loop/work/recorded-failure.ts';
import { retryParked } from '../../src/loop/work/retry-parked.ts';
import { RunKit } from '../../src/loop/work/run-kit.ts';
import { settleRun } from '../../src/loop/work/settle-run.ts';
import { workShift } from '../../src/loop/work/work-shift.ts';
import { WorkerDiary } from '../../src/loop/work/worker-diary.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { scriptedFingerprint } from '../strategies/scripted/scripted-ports.ts';
import { type Desk, planRuns, unlimited } from '../strategies/scripted/scripted-runs.ts';
import { containerFingerprint } from '../support/container-fingerprint.ts';
import { testEnvironment } from '../support/test-environment.ts';
import { goldenGenerator, goldenSandbox, goldenTasks } from './golden-story.ts';

const writer = { actor: 'test', correlation: 'test' };
const never = new AbortController().signal;
/** Its workers execute in containers. */
const container = containerFingerprint('batch');
const interpreter = { ...scriptedFingerprint, driver: 'docker', container };

/**
 * A run that two workers do, by turns, so that it is the same each time: the first finishes an episode, breaks over one (which is
 * parked) and leaves in the middle of the third; a person lets the parked one be tried again; the second does the rest.
 */
export async function workStory(desk: Desk): Promise<void> {
  const strategy = strategyRef(strategyNamed('sequential-feedback'), { candidates: 3 });
  const plan = {
    tasks: goldenTasks.slice(0, 3),
    strategies: [strategy],
    seed: 'work',
    budget: unlimited,
    interpreter,
  };
  const [run] = (await planRuns(desk, plan)) as [StreamName];
  const { ledger, clock } = desk;
  const queue = (ledger.store as LedgerStore).workQueue();
  const services = { ledger, writer, clock, queue, log: new QueueLog({ ledger, writer, clock }) };
  const files = [
    { name: 'golden.txt', bytes: Buffer.from('What a generator could be made of: é, 水, 😀.\n') },
  ];
  await enqueueRun(run, files, { leaseMs: 30_000, attemptsMax: 1 }, services, never);
  const queued = services.log.state.get(run) as QueuedRun;
  await firstWorker(desk, queued, services);
  await retryParked(run, services, never);
  await secondWorker(desk, queued, services);
  await settleRun(run, services, never);
}

async function firstWorker(desk: Desk, queued: QueuedRun, services: EnqueueServices): Promise<void> {
  const leave = new AbortController();
  const worker = await begin(desk, services);
  const kit = await open(desk, queued, (event, stream) => {
    if (stream.endsWith('.1') && event.type === 'CandidateGenerated')
      throw new PawlError('SANDBOX_FAILED', 'The story takes the machine away.');
    if (stream.endsWith('.2') && event.type === 'ExecutionFinished')
      leave.abort(new PawlError('INTERRUPTED', 'The story has it leave.'));
  });
  for (let episodes = 0; episodes < 3; episodes += 1) await worker.shift(kit, leave.signal);
  await worker.diary.write({ type: 'WorkerStopped', data: { why: 'drained', error: null } });
}

async function secondWorker(desk: Desk, queued: QueuedRun, services: EnqueueServices): Promise<void> {
  const worker = await begin(desk, services);
  const kit = await open(desk, queued, () => undefined);
  for (let episodes = 0; episodes < 2; episodes += 1) await worker.shift(kit, never);
  const error = recordedFailure(new PawlError('LEDGER_ACCESS_DENIED', 'The story shows it the door.'));
  await worker.diary.write({ type: 'WorkerStopped', data: { why: 'failed', error } });
}

async function begin({ clock, ids }: Desk, services: EnqueueServices) {
  const { queue, log } = services;
  const worker = ids.next();
  const patience = { clock, signal: never, onAway: () => undefined };
  const diary = new WorkerDiary(worker, services, patience);
  const sandbox = [interpreter];
  const capabilities = [...interpreterCapabilities(sandbox)];
  const identity = {
    worker,
    host: 'golden',
    process: 1,
    slots: 1,
    capabilities,
    ...testEnvironment,
    sandbox,
  };
  await diary.write({ type: 'WorkerStarted', data: identity });
  const shift = async (kit: RunKit, leave: AbortSignal): Promise<void> => {
    const lease = await queue.take(kit.run, worker, 0, never);
    if (lease === null) throw new Error('the story has nothing left to be taken');
    await workShift(lease, kit, { diary, log, patience, leave, over: never });
  };
  return { diary, shift };
}

function open(
  { ledger, clock }: Desk,
  queued: QueuedRun,
  onEvent: (event: EpisodeEvent, stream: StreamName) => void,
): Promise<RunKit> {
  return RunKit.open(queued, {
    ...{ ledger, writer, clock, onEvent, sandbox: goldenSandbox(interpreter) },
    makeGenerator: async () => goldenGenerator(),
    scorerNamed: () => testsScorer,
    environment: () => ({ ...testEnvironment, sandbox: [interpreter] }),
  });
}
