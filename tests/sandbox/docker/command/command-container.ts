import { engineExec } from '../../../../sandbox/docker/command/engine-exec.ts';
import {
  type CommandsRequest,
  type CommandsRun,
  runCommands,
} from '../../../../sandbox/docker/command/run-commands.ts';
import { waitingCommand } from '../../../../sandbox/docker/command/waiting-process.ts';
import type { RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { connectEngine, type Engine } from '../../../../sandbox/docker/engine/engine.ts';
import { requireImage } from '../../../../sandbox/docker/engine/resolve-image.ts';
import { dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';
import type { CommandCase, CommandsSpec } from '../../../../src/events/commands-spec.ts';
import type { ExecutionLimits } from '../../../../src/events/task-view.ts';
import { testImage } from '../../../support/container-engine.ts';

const mebibyte = 1024 * 1024;

/** Makes containers for commands, of the test image. */
export interface CommandContainers {
  readonly engine: Engine;
  start(memoryBytes?: number): Promise<RunningContainer>;
  /** A whole execution in a container of its own. */
  run(
    spec: Partial<CommandsSpec>,
    program: string,
    limits?: Partial<ExecutionLimits>,
    signal?: AbortSignal,
    cpu?: CommandsRequest['cpu'],
  ): Promise<CommandsRun>;
  close(): Promise<void>;
}

export async function commandContainers(): Promise<CommandContainers> {
  const engine = connectEngine(null, process.env);
  const host = createContainerHost(engine, dockerSettingsSchema.parse({}), thisOwner('tests of commands'));
  const image = await requireImage(engine, testImage);
  const start = (memoryBytes = 160 * mebibyte): Promise<RunningContainer> =>
    host.start({
      image: image.id,
      command: waitingCommand,
      isolation: 'execution',
      memoryBytes,
      workIsExecutable: true,
    });
  return {
    engine,
    start,
    run: async (spec, program, limits = {}, signal = undefined, cpu = undefined) => {
      const container = await start();
      try {
        const request = {
          spec: specOf(spec),
          program,
          ...(cpu === undefined ? {} : { cpu }),
          limits: {
            wallMs: 20_000,
            steps: null,
            memoryBytes: 128 * mebibyte,
            outputBytes: 65_536,
            ...limits,
          },
        };
        return await runCommands(container, engineExec(engine, container.id), request, signal);
      } finally {
        await container.destroy();
      }
    },
    close: () => host.close(),
  };
}

/** A shell script as the program, called `main.sh`, where nothing else is said. */
export const specOf = (spec: Partial<CommandsSpec>): CommandsSpec => ({
  kind: 'commands',
  syntax: 'sh',
  program: { form: 'file', path: 'main.sh' },
  files: [],
  build: null,
  cases: [],
  ...spec,
});

/** A case over the shell script; numbers are exit codes, texts what must be printed. */
export const shellCase = (id: string, expected: string | number, ...rest: string[]): CommandCase => ({
  id,
  argv: ['sh', 'main.sh', ...rest],
  stdin: '',
  expected:
    typeof expected === 'number' ? { exitCode: expected, stdout: null } : { exitCode: 0, stdout: expected },
});
