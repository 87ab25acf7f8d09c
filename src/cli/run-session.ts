import { type RunsState, runProjection } from '../../projections/run.ts';
import { createGenerator } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { digestOf } from '../kernel/digest.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { checkedInterpreters } from '../loop/checked-interpreters.ts';
import { currentEnvironment } from '../loop/current-environment.ts';
import { executeRun, type RunSignals } from '../loop/execute-run.ts';
import { readRunState } from '../loop/run-state.ts';
import { scorerNamed } from '../scorers/registry.ts';
import type { CommonOptions } from './common-options.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import type { OpenedForCli } from './open-for-cli.ts';
import type { Sandboxes } from './open-sandbox.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';
import { stoppingText } from './stop-signals.ts';
import { totalsOf } from './summary.ts';

/** What one command works with while it executes runs; whoever made the parts also closes them. */
export interface Session {
  readonly opened: OpenedForCli;
  readonly sandboxes: Sandboxes;
  readonly signals: RunSignals;
  readonly output: Output;
  readonly options: SessionOptions;
  /** How far the runs came before; `nothingBefore` for new ones. */
  readonly before: RunsState;
}

interface SessionOptions extends CommonOptions {
  /** Sandbox workers; twice as many episodes are worked on at a time, so that no worker waits for a generator. */
  readonly jobs: number;
}

export const nothingBefore: RunsState = runProjection.initialState();

/** True when every run came to its end; false when the session was stopped before. */
export async function executeRuns(runs: readonly StreamName[], session: Session): Promise<boolean> {
  const progress = new Progress(session.output, systemClock, process.stderr);
  const onPause = (): void => progress.notice(stoppingText);
  session.signals.pause.addEventListener('abort', onPause, { once: true });
  session.sandboxes.tellWaits((why) => progress.wait(why));
  try {
    for (const run of runs) {
      const finished = await executeOne(run, session, progress);
      if (!finished) return false;
    }
    return true;
  } finally {
    session.signals.pause.removeEventListener('abort', onPause);
    progress.end();
  }
}

async function executeOne(run: StreamName, session: Session, progress: Progress): Promise<boolean> {
  const { opened, sandboxes, signals, output, options, before } = session;
  const { ledger, writer } = opened;
  const { started, episodes } = await readRunState(ledger, run);
  const sandbox = await sandboxes.like(started.sandbox);
  const interpreters = await checkedInterpreters(started.sandbox, sandbox);
  const generator = await createGenerator(started.generatorSpec);
  if (digestOf(generator.ref) !== digestOf(started.generator)) {
    await generator.close();
    throw new PawlError(
      'GENERATOR_UNSUITABLE',
      `${started.generatorSpec} is not the generator the run began with: its version or files have changed. Use those it began with, or start a new run.`,
      { context: { run } },
    );
  }
  const known = before.runs[run];
  const unbegun = { tasks: episodes.length, finished: 0, publicPass: 0, hiddenPass: 0 };
  progress.begin(started.strategy.name, known === undefined ? unbegun : totalsOf(known));
  try {
    const outcome = await executeRun(
      run,
      {
        ledger,
        writer,
        generator,
        scorer: scorerNamed(started.scorer.name),
        sandbox,
        environment: currentEnvironment(interpreters),
        clock: systemClock,
        concurrency: options.jobs * 2,
        onEvent: (event, stream) => {
          progress.onEvent(event, stream);
          if (event.type !== 'EpisodeFinished') return;
          output.record({ type: 'episode', run, episode: stream, ...event.data });
        },
      },
      signals,
    );
    progress.end();
    if (outcome.status === 'finished') return true;
    output.note(`Paused after ${outcome.episodesFinished} of ${episodes.length} tasks.`);
    output.note(`Go on with: ${hint('resume', options)}`);
    return false;
  } catch (error) {
    if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    throw overtaken(error, run, options);
  } finally {
    await generator.close();
  }
}

/** The revision keeps two sessions from writing one history; whoever came second is told what that means. */
function overtaken(cause: PawlError, run: StreamName, options: SessionOptions): PawlError {
  const name = shortId(run);
  return new PawlError(
    'WRONG_EXPECTED_REVISION',
    `Somebody else works on ${name} at the same time: another \`pawl run\` or \`resume\`, or a worker. This process stopped; nothing is lost and nothing was written twice. Let the other one finish (${hint('runs', options)} and ${hint('queue', options)} show how far it is), or end it, then: ${hint(`resume ${name}`, options)}`,
    { context: { ...cause.context, run }, cause },
  );
}
