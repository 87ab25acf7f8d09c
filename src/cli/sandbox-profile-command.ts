import { Command } from 'commander';
import { compareProfiles } from '../../sandbox/profile/compare-profiles.ts';
import { createPerfStat } from '../../sandbox/profile/perf-stat.ts';
import { defaultRepeats, profilePrograms, repeatsMax } from '../../sandbox/profile/profile-program.ts';
import { systemClock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { executionRequest } from '../loop/execution-input.ts';
import { suiteFormats } from '../tasks/registry.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { comparisonText, profileText } from './profile-report.ts';
import { profileSubject } from './profile-subject.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

interface ProfileCommandOptions extends CommonOptions, Partial<SandboxOptions> {
  readonly suite: string;
  readonly repeat: number;
  readonly against?: string;
}

export function sandboxProfileCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('profile')
    .summary('what a program costs: steps, time, memory, faults')
    .description(
      'Executes a program against the public tests of a task again and again, one execution after the other, and tells what it cost by every metric that is counted here: the median, the spread (interquartile range over median), and whether the metric is deterministic.',
    )
    .argument('<task>', 'a task of the suite, or for candidates an episode as RUN.INDEX or RUN:TASK')
    .argument('<program>', 'a file, or the digest of a candidate of that episode or its beginning')
    .option('--suite <spec>', `tasks: ${suiteFormats.map(({ usage }) => usage).join(', ')}`, 'starter')
    .option(
      '--repeat <count>',
      `executions, the first of which does not count (2 to ${repeatsMax})`,
      positiveInteger,
      defaultRepeats,
    )
    .option('--against <program>', 'measure this one too, in turns, and tell whether <program> is faster')
    .action(async (task: string, program: string, options: ProfileCommandOptions) => {
      await profile(task, program, options, processOutput(options.json === true));
      finish(exitCodes.ok);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl sandbox profile starter/anagram-groups/01 mine.js': 'a file',
    'pawl sandbox profile 7XK2QD.0 960caad2': 'a candidate of a run',
    'pawl sandbox profile 7XK2QD.0 mine.js --against 960caad2 --repeat 21': 'is mine faster than that one?',
  });
}

async function profile(
  task: string,
  program: string,
  options: ProfileCommandOptions,
  output: Output,
): Promise<void> {
  const names = options.against === undefined ? [program] : [options.against, program];
  const counter = createPerfStat();
  const sandboxes = await openSandboxes({ ...options, jobs: 1 }, output, counter);
  const { view, programs } = await profileSubject(task, names, options);
  const signals = listenForStop(output, systemClock, null);
  sandboxes.heed(signals.pause);
  const stop = new AbortController();
  const interrupted = new PawlError(
    'INTERRUPTED',
    'Stopped before the profile was done; half of one says nothing.',
  );
  signals.pause.addEventListener('abort', () => stop.abort(interrupted), { once: true });
  try {
    const sandbox = await sandboxes.asked();
    const requests = programs.map(({ source }) => executionRequest(view, source, view.publicTests, false));
    const settings = {
      repeats: options.repeat,
      counter: sandbox.languages.includes('command') ? counter : null,
      signal: stop.signal,
      onExecution: () => undefined,
    };
    const profiles = await profilePrograms(sandbox, requests, settings);
    for (const [index, measured] of profiles.entries()) {
      const name = programs[index]?.name ?? '';
      output.record({ type: 'profile', task: view.id, program: name, ...measured } as unknown as JsonObject);
      output.text(`${profileText(name, measured)}${profiles.length > 1 ? '\n' : ''}`);
    }
    const [first, second] = profiles;
    if (first === undefined || second === undefined) return;
    const comparison = compareProfiles(first, second);
    const [against = '', told = ''] = names;
    output.record({ type: 'comparison', program: told, against, ...comparison } as unknown as JsonObject);
    output.text(comparisonText(against, told, comparison));
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}
