import { readFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { type Language, languageSchema } from '../events/task-view.ts';
import { systemClock } from '../kernel/clock.ts';
import { pawlVersion } from '../kernel/pawl-version.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { EngineTelling } from './engine-telling.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Output, processOutput } from './output.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

interface BuildOptions extends CommonOptions, Partial<SandboxOptions> {
  readonly dockerfile?: string;
  readonly name?: string;
}

export function sandboxBuildCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('build')
    .summary('build the images that programs are executed in')
    .description(
      'Has the container engine build the images of sandbox/images, and prints the ID of each, to be pinned in the sandbox settings. Base images are pulled by digest.',
    )
    .addArgument(
      new Argument('[languages...]', 'which (default: all)').choices(languageSchema.options).default([]),
    )
    .option('--dockerfile <file>', 'build this one instead, for the one language that is named')
    .option('--name <name:tag>', 'its name (default: pawl-LANGUAGE:latest)')
    .action(async (languages: readonly Language[], options: BuildOptions) => {
      await build(languages, options, processOutput(options.json === true), command);
      finish(exitCodes.ok);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl sandbox build': 'all of them',
    'pawl sandbox build python --dockerfile mine/Dockerfile --name lab-python:1': 'one of your own',
  });
}

async function build(
  languages: readonly Language[],
  options: BuildOptions,
  output: Output,
  command: Command,
): Promise<void> {
  if ((options.dockerfile !== undefined || options.name !== undefined) && languages.length !== 1)
    command.error('error: --dockerfile and --name are for one language: name it', { exitCode: 2 });
  const { engineDesk } = await import('./engine-desk.ts');
  const { buildImage } = await import('../../sandbox/docker/engine/build-image.ts');
  const { builtImages } = await import('../../sandbox/docker/docker-engine.ts');
  const { engine } = await engineDesk(options);
  const signals = listenForStop(output, systemClock, null);
  try {
    for (const language of languages.length === 0 ? languageSchema.options : languages) {
      const path =
        options.dockerfile ?? new URL(`../../sandbox/images/${language}/Dockerfile`, import.meta.url);
      const name = options.name ?? builtImages[language];
      const labels = { 'pawl.image': language, 'pawl.version': pawlVersion };
      const telling = new EngineTelling(name, output, process.stderr);
      const order = { dockerfile: await readFile(path, 'utf8'), name, labels };
      const image = await buildImage(engine, order, (news) => telling.tell(news), signals.pause).finally(() =>
        telling.end(),
      );
      output.record({ type: 'image', language, name, id: image.id });
      output.text(`${language.padEnd(12)}${name.padEnd(26)}${image.id}`);
    }
  } finally {
    signals.dispose();
  }
}
