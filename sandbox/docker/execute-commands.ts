import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Execution, ExecutionRequest } from '../sandbox.ts';
import type { ContainerExec } from './command/container-exec.ts';
import { runCommands } from './command/run-commands.ts';
import { waitingCommand } from './command/waiting-process.ts';
import type { ContainerSpec, RunningContainer } from './container/container.ts';
import type { DockerSettings } from './settings.ts';

export interface CommandsExecutor {
  /** ID of the image that commands run in. */
  readonly image: string;
  readonly memoryBytes: number;
  readonly settings: Pick<DockerSettings, 'cpuMsMax' | 'cpus'>;
  take(spec: ContainerSpec, signal: AbortSignal | undefined): Promise<RunningContainer>;
  execOf(container: RunningContainer): ContainerExec;
}

/** As for programs that are called: what ends every container that it gets is the cause (`executeInContainer`). */
const vanishedMax = 3;

/** One execution of a program that is built and run by commands, in a container that is used once at every level. */
export async function executeCommands(
  { image, memoryBytes, settings, take, execOf }: CommandsExecutor,
  request: ExecutionRequest,
  signal?: AbortSignal,
): Promise<Execution> {
  const { tests: spec, program, limits } = request;
  if (spec.kind !== 'commands') {
    throw new PawlError(
      'SANDBOX_LANGUAGE',
      `A program that is run by commands is not tested by ${spec.kind}.`,
    );
  }
  const made: ContainerSpec = {
    image,
    command: waitingCommand,
    isolation: 'execution',
    memoryBytes,
    workIsExecutable: true,
  };
  for (let attempt = 1; ; attempt += 1) {
    const container = await take(made, signal);
    try {
      const { result, wallMs, vanished } = await runCommands(
        container,
        execOf(container),
        { spec, program, limits, cpu: { cpuMsMax: settings.cpuMsMax, cpus: settings.cpus } },
        signal,
      );
      if (!vanished || attempt === vanishedMax) return { result, wallMs };
    } finally {
      void container.destroy().catch(() => {}); // the sweep finds what the engine kept
    }
  }
}
