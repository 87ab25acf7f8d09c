import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { EngineTelling } from './engine-telling.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Output, processOutput } from './output.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

interface PullOptions extends CommonOptions, Partial<SandboxOptions> {
  readonly allowTag?: boolean;
}

const byDigest = /@sha256:[0-9a-f]{64}$/;

export function sandboxPullCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('pull')
    .summary('fetch images from their registry, by digest')
    .description(
      'Has the container engine fetch images. What a digest names is the same tomorrow; what a tag names is not, and is refused unless you say --allow-tag. For a registry that wants a login, pull with the command of the engine itself.',
    )
    .argument('[references...]', 'NAME@sha256:DIGEST (default: those that the sandbox settings name)')
    .option('--allow-tag', 'take a reference without a digest, and tell which one that was')
    .action(async (references: readonly string[], options: PullOptions) => {
      await pull(references, options, processOutput(options.json === true));
      finish(exitCodes.ok);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl sandbox pull --sandbox-settings containers.json': 'the images that the settings name',
    'pawl sandbox pull python:3.14-slim --allow-tag': 'whatever that is today, with its digest to pin',
  });
}

async function pull(references: readonly string[], options: PullOptions, output: Output): Promise<void> {
  const { engineDesk } = await import('./engine-desk.ts');
  const { pullImage } = await import('../../sandbox/docker/engine/pull-image.ts');
  const { engine, settings } = await engineDesk(options);
  const wanted = references.length > 0 ? references : Object.values(settings.images);
  if (wanted.length === 0)
    throw new PawlError('USAGE', 'Name what is to be pulled, or give --sandbox-settings that name images.');
  const loose = wanted.filter((reference) => !byDigest.test(reference));
  if (loose.length > 0 && options.allowTag !== true)
    throw new PawlError(
      'USAGE',
      `${loose.join(', ')} names no digest, so nobody could say later what was executed in. Name it by NAME@sha256:DIGEST, or give --allow-tag.`,
    );
  const signals = listenForStop(output, systemClock, null);
  try {
    for (const reference of wanted) {
      const telling = new EngineTelling(reference, output, process.stderr);
      const image = await pullImage(engine, reference, (news) => telling.tell(news), signals.pause).finally(
        () => telling.end(),
      );
      const name = image.repoDigests[0] ?? reference;
      output.record({ type: 'image', reference, name, id: image.id });
      output.text(`${name}  ${image.id}`);
    }
  } finally {
    signals.dispose();
  }
}
