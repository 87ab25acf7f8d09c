import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Isolation, isolationSchema } from '../../sandbox/docker/settings.ts';
import { type Language, languageSchema } from '../events/task-view.ts';
import { positiveInteger } from './common-options.ts';

export const sandboxDrivers = ['wasm', 'docker'] as const;
export type SandboxDriver = (typeof sandboxDrivers)[number];

/** What a command that executes programs takes. */
export interface SandboxOptions {
  readonly jobs: number;
  readonly sandbox?: SandboxDriver;
  readonly sandboxSettings?: string;
  readonly isolation?: Isolation;
  readonly image?: Readonly<Partial<Record<Language, string>>>;
  readonly runtime?: string;
}

/** Options of every command that executes programs. */
export function withSandboxOptions(command: Command): Command {
  return withContainerOptions(
    command.addOption(
      new Option('-j, --jobs <count>', 'sandbox workers')
        .argParser(positiveInteger)
        .default(availableParallelism(), 'one for each processor'),
    ),
  );
}

/** Those of them that say where and how programs are executed. */
export function withContainerOptions(command: Command): Command {
  const heading = 'Sandbox:';
  const add = (flags: string, text: string): Option => new Option(flags, text).helpGroup(heading);
  return command
    .addOption(
      add(
        '--sandbox <driver>',
        'where programs are executed (default: what the run was begun with, else PAWL_SANDBOX, else wasm)',
      ).choices(sandboxDrivers),
    )
    .addOption(
      add('--isolation <level>', 'docker: what an execution has for itself').choices(isolationSchema.options),
    )
    .addOption(
      add('--image <language=reference>', 'docker: image for a language (repeatable)').argParser(
        languageImage,
      ),
    )
    .addOption(add('--runtime <name>', 'docker: OCI runtime that the engine knows, such as runsc'))
    .addOption(add('--sandbox-settings <file>', 'docker: JSON with settings of the containers'));
}

function languageImage(
  text: string,
  previous: SandboxOptions['image'] = {},
): NonNullable<SandboxOptions['image']> {
  const [, name, reference] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const language = languageSchema.safeParse(name);
  if (!language.success || reference === undefined)
    throw new InvalidArgumentError(
      `It must be LANGUAGE=REFERENCE, with one of ${languageSchema.options.join(', ')}.`,
    );
  return { ...previous, [language.data]: reference };
}
