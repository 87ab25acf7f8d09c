import { CommanderError } from 'commander';
import { isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import { adviceFor } from './advice.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts';
import { createProgram } from './program.ts';

/** Runs one command line and gives its exit code; every error ends here. */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  watchOutput();
  const json = argv.includes('--json');
  let code: ExitCode = exitCodes.ok;
  const program = createProgram((told) => {
    code = told;
  });
  // Subcommands do not inherit this from the program.
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])])
    command.exitOverride();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, json);
    report(error, json);
    return exitCodeOf(error);
  }
}

/** Commander has told people already; help and version are no errors to it or to us. */
function reportUsage(error: CommanderError, json: boolean): ExitCode {
  if (error.exitCode === 0) return exitCodes.ok;
  // Help that was shown because nothing was asked for has no message of its own.
  const message =
    error.code === 'commander.help' ? 'A command is needed.' : error.message.replace(/^error: /, '');
  if (json) printRecord(new PawlError('USAGE', message));
  return exitCodes.usage;
}

function report(error: unknown, json: boolean): void {
  if (isPawlError(error)) {
    if (json) printRecord(error);
    process.stderr.write(`${error.code}: ${error.message}\n${adviceFor(error)}`);
    return;
  }
  if (json) printRecord(new PawlError('INTERNAL', messageOf(error)));
  process.stderr.write(`Unexpected error: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
}

function printRecord(error: PawlError): void {
  process.stdout.write(`${JSON.stringify({ type: 'error', ...error.toJSON() })}\n`);
}

/**
 * A reader that went away (`pawl runs | head -1`) is no error, and no reason to leave a run in the middle or a verdict unsaid:
 * the command goes on unheard, and its exit code is its own. A result that could not be written is an error.
 */
function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      if (stream === process.stdout) process.stderr.write(`The result cannot be written: ${error.message}\n`);
      process.exit(exitCodes.error);
    });
  }
}
