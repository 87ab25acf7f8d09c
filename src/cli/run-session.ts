import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { digestOf } from '../kernel/digest.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { executeRun, type RunSignals } from '../loop/execute-run.ts';
import { readRunState } from '../loop/run-state.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { shortId } from './find-run.ts';
import type { OpenedForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';

export interface SessionOptions {
  /** Sandbox workers; twice as many episodes are worked on at a time, so that no worker waits for a generator. */
  readonly jobs: number;
}

/** True when every run came to its end; false when the session was stopped before. */
export async function executeRuns(
  runs: readonly StreamName[],
  opened: OpenedForCli,
  signals: RunSignals,
  options: SessionOptions,
  output: Output,
  sandbox: Sandbox = createWasmSandbox({ workers: options.jobs }),
): Promise<boolean> {
  const progress = new Progress(output, systemClock);
  try {
    for (const run of runs) {
      const finished = await executeOne(run, opened, sandbox, signals, options, output, progress);
      if (!finished) return false;
    }
    return true;
  } finally {
    progress.end();
    await sandbox.close();
  }
}

async function executeOne(
  run: StreamName,
  { ledger, writer }: OpenedForCli,
  sandbox: Sandbox,
  signals: RunSignals,
  { jobs }: SessionOptions,
  output: Output,
  progress: Progress,
): Promise<boolean> {
  const { started, episodes } = await readRunState(ledger, run);
  await checkInterpreters(started.sandbox, sandbox);
  const generator = await createGenerator(started.generatorSpec);
  if (digestOf(generator.ref) !== digestOf(started.generator)) {
    throw new PawlError(
      'GENERATOR_UNSUITABLE',
      `${started.generatorSpec} is not the generator the run began with: its version or files have changed.`,
      { context: { run } },
    );
  }
  progress.begin(started.strategy.name, episodes.length, 0);
  try {
    const outcome = await executeRun(
      run,
      {
        ledger,
        writer,
        generator,
        scorer: scorerNamed(started.scorer.name),
        sandbox,
        clock: systemClock,
        concurrency: jobs * 2,
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
    output.note(`Go on with: npx pawl resume ${shortId(run)}`);
    return false;
  } finally {
    await generator.close();
  }
}

/** What was executed by one interpreter must not be continued by another: the ledger says which it was. */
async function checkInterpreters(
  recorded: readonly { readonly language: string; readonly moduleDigest: string; readonly version: string }[],
  sandbox: Sandbox,
): Promise<void> {
  for (const language of sandbox.languages) {
    const known = recorded.find((fingerprint) => fingerprint.language === language);
    if (known === undefined) continue;
    const now = await sandbox.fingerprint(language);
    if (now.moduleDigest === known.moduleDigest) continue;
    throw new PawlError(
      'SANDBOX_FAILED',
      `The run executed ${language} with version ${known.version}; this build has ${now.version}. Use the build it began with.`,
      { context: { language } },
    );
  }
}
