import type { CommandsSpec } from '../../../src/events/commands-spec.ts';
import type {
  ExecutionException,
  ExecutionResult,
  Outcome,
  TestResult,
} from '../../../src/events/execution-result.ts';
import type { ExecutionLimits } from '../../../src/events/task-view.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { capResult } from '../../result/cap-result.ts';
import type { RunningContainer } from '../container/container.ts';
import { keptOutput } from '../line/kept-output.ts';
import { type CpuTimeLimit, watchCpuTime } from '../watch-cpu-time.ts';
import { caseResult, exitText, unfinishedCase } from './case-result.ts';
import type { ContainerExec, ExecOrder } from './container-exec.ts';
import { placeFiles, workDirectory } from './place-files.ts';
import { programFiles } from './program-files.ts';
import { type CommandPlace, type CommandRun, runCommand } from './run-command.ts';
import { waitingProcess } from './waiting-process.ts';

export interface CommandsRequest {
  readonly spec: CommandsSpec;
  readonly program: string;
  readonly limits: ExecutionLimits;
  /** Processor time of build and cases together, milliseconds; null: what their clocks allow. Left out, nothing watches it. */
  readonly cpu?: { readonly cpuMsMax: number | null; readonly cpus: number };
}

export interface CommandsRun {
  readonly result: ExecutionResult;
  /** Real time that the program's own commands ran, milliseconds. */
  readonly wallMs: number;
  /**
   * The container was over before all was done, without a limit of it having been met: the program ended it, or the engine lost
   * it. The result takes the program for the cause.
   */
  readonly vanished: boolean;
}

/** For our own commands, which put files in place. */
const ownLimits = { wallMs: 60_000, outputBytes: 65_536 };
/** Compilers and interpreters write beside what they make, and the work directory is all that can be written. */
const environment = [`HOME=${workDirectory}`, `TMPDIR=${workDirectory}`];

/**
 * One execution in a container of its own, started with `waitingCommand` and never used again: files, build, and each case as a
 * command of its own. The caller destroys the container. What must come out stays on this side and is compared here; a
 * command's exit code is the engine's. Between two commands every process is ended and the task's files are put back; other
 * files stay.
 *
 * @throws PawlError from the engine; `SANDBOX_FAILED` when files cannot be placed before the program has run; the signal's reason
 */
export async function runCommands(
  container: RunningContainer,
  exec: ContainerExec,
  request: CommandsRequest,
  signal?: AbortSignal,
): Promise<CommandsRun> {
  const place = { exec, waiting: waitingProcess(container) };
  const execution = new CommandsExecution(place, request, signal);
  const unwatch = watchCpuTime(container, execution, cpuLimitOf(request));
  const end = await execution.run().finally(unwatch);
  const mayBeMemory = end.outcome === 'failed' || end.outcome === 'error';
  if (mayBeMemory && execution.wasStarted && (await container.kill()).outOfMemory) {
    return execution.finish({ outcome: 'out_of_memory', error: outOfMemory });
  }
  return execution.finish(end);
}

const textOf = ({ stdout, stderr }: CommandRun): string =>
  `${stderr.result().text}\n${stdout.result().text}`.trim();

function cpuLimitOf({ spec, limits, cpu }: CommandsRequest): CpuTimeLimit {
  const wallMs = limits.wallMs + (spec.build?.wallMs ?? 0);
  const cpus = cpu?.cpus ?? 1;
  const cpuMsMax = cpu?.cpuMsMax ?? wallMs;
  return { cpuMsMax, cpus, needed: cpu !== undefined && cpuMsMax < wallMs * cpus };
}

interface End {
  readonly outcome: Outcome;
  readonly error: ExecutionException | null;
  readonly vanished?: boolean;
}

const exception = (type: string, message: string): ExecutionException => ({ type, message, line: null });
const outOfMemory = exception(
  'OutOfMemory',
  'The container ran out of memory and the kernel ended a process in it',
);
const vanished: End = {
  outcome: 'error',
  error: exception('ContainerEnded', 'The program ended the container that it ran in'),
  vanished: true,
};

class CommandsExecution {
  /** Something of the candidate has run. */
  wasStarted = false;
  private readonly place: CommandPlace;
  private readonly request: CommandsRequest;
  private readonly signal: AbortSignal | undefined;
  private readonly tests: TestResult[] = [];
  private readonly stdout: ReturnType<typeof keptOutput>;
  private readonly stderr: ReturnType<typeof keptOutput>;
  private wallMs = 0;
  private readonly ended = Promise.withResolvers<CommandRun['end']>();

  constructor(place: CommandPlace, request: CommandsRequest, signal: AbortSignal | undefined) {
    this.place = place;
    this.request = request;
    this.signal = signal;
    this.stdout = keptOutput(request.limits.outputBytes);
    this.stderr = keptOutput(request.limits.outputBytes);
  }

  /** From outside: what runs now is the last. */
  end({ message }: { readonly message: string }): void {
    this.ended.resolve({ kind: 'cpu_limit', message });
  }

  async run(): Promise<End> {
    const { spec, program } = this.request;
    const { files, problem } = programFiles(spec, program);
    if (problem !== null) return { outcome: 'error', error: exception('NotAProgram', problem) };
    await this.placeFirst([...files, ...spec.files]);
    const failed = await this.build();
    if (failed !== null) return failed;
    return (await this.runCases()) ?? this.verdict();
  }

  finish({ outcome, error, vanished: isVanished = false }: End): CommandsRun {
    const rest = this.request.spec.cases.slice(this.tests.length).map((test) => unfinishedCase(test, null));
    const result = capResult({
      outcome,
      tests: [...this.tests, ...rest],
      error,
      stdout: this.stdout.result(),
      stderr: this.stderr.result(),
      steps: 0,
      statements: null,
    });
    return { result, wallMs: this.wallMs, vanished: isVanished };
  }

  /** Nothing of the program runs yet, and its files are known to be small: what fails here is ours. */
  private async placeFirst(files: CommandsSpec['files']): Promise<void> {
    const run = await runCommand(this.place, placeFiles(files), ownLimits, this.signal);
    if (run.end.kind === 'exited' && run.end.exitCode === 0) return;
    const how = run.end.kind === 'exited' ? exitText(run.end.exitCode) : run.end.kind;
    const said = textOf(run).slice(0, 500);
    const advice = 'The image needs sh, tar, rm, mkdir and chmod, and the work directory room for the files.';
    throw new PawlError(
      'SANDBOX_FAILED',
      `The program's files could not be placed (${how}): ${said}. ${advice}`,
    );
  }

  private async build(): Promise<End | null> {
    const { build } = this.request.spec;
    if (build === null) return null;
    const run = await this.command(build.argv, '', build.wallMs);
    const { end } = run;
    if (end.kind === 'exited' && end.exitCode === 0) return null;
    this.keep(run);
    if (end.kind !== 'exited') return this.limitOf(end, 'The build');
    return { outcome: 'error', error: exception('BuildFailed', `${exitText(end.exitCode)}\n${textOf(run)}`) };
  }

  /** Null when every case came to its end. */
  private async runCases(): Promise<End | null> {
    const { spec, limits } = this.request;
    let remainingMs = limits.wallMs;
    for (const test of spec.cases) {
      const inTheWay = this.wasStarted ? await this.putBack() : null;
      if (inTheWay !== null) return this.endIn(test, inTheWay);
      const run = await this.command(test.argv, test.stdin, Math.max(1, remainingMs));
      remainingMs -= run.wallMs;
      if (run.end.kind !== 'exited') {
        this.keep(run);
        return this.endIn(test, this.limitOf(run.end, 'The program'));
      }
      const result = caseResult(test, { ...run, exitCode: run.end.exitCode });
      this.tests.push(result);
      // Test runners tell how long they took. What nobody compares and nobody needs would make every execution another one.
      if (test.expected.stdout !== null || result.status !== 'passed') this.keep(run);
    }
    return null;
  }

  private verdict(): End {
    if (this.tests.length === 0) {
      return { outcome: 'failed', error: exception('NoTests', 'no command ran, so nothing was tested') };
    }
    const passed = this.tests.every(({ status }) => status === 'passed');
    return { outcome: passed ? 'passed' : 'failed', error: null };
  }

  private async command(argv: readonly string[], stdin: string, wallMs: number): Promise<CommandRun> {
    this.wasStarted = true;
    const order: ExecOrder = { argv, directory: workDirectory, environment, stdin: Buffer.from(stdin) };
    const { outputBytes } = this.request.limits;
    const { promise: ended } = this.ended;
    const run = await runCommand(this.place, order, { wallMs, outputBytes, ended }, this.signal);
    this.wallMs += run.wallMs;
    return run;
  }

  /** The task's files as they were. Where that is not possible any more, the program has seen to it. */
  private async putBack(): Promise<End | null> {
    const { files } = this.request.spec;
    if (files.length === 0) return null;
    const run = await runCommand(this.place, placeFiles(files), ownLimits, this.signal);
    if (run.end.kind !== 'exited') return vanished;
    if (run.end.exitCode === 0) return null;
    const message = `The task's files could not be put back: ${textOf(run).slice(0, 500)}`;
    return { outcome: 'error', error: exception('FilesInTheWay', message) };
  }

  private endIn(test: CommandsSpec['cases'][number], end: End): End {
    this.tests.push(unfinishedCase(test, end.error));
    return end;
  }

  private keep({ stdout, stderr }: CommandRun): void {
    this.stdout.write(stdout.bytes());
    this.stderr.write(stderr.bytes());
  }

  private limitOf(end: Exclude<CommandRun['end'], { kind: 'exited' }>, who: string): End {
    if (end.kind === 'vanished') return vanished;
    if (end.kind === 'cpu_limit') {
      return { outcome: 'timeout', error: exception('CpuLimitExceeded', end.message) };
    }
    if (end.kind === 'timeout') {
      return {
        outcome: 'timeout',
        error: exception('TimeLimitExceeded', `${who} took more time than it may`),
      };
    }
    const message = `${who} wrote more than ${this.request.limits.outputBytes} bytes to ${end.stream}`;
    return { outcome: 'output_limit', error: exception('OutputLimitExceeded', message) };
  }
}
