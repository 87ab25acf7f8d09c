#!/usr/bin/env node
import { CommanderError } from 'commander';
import { isPawlError, messageOf } from '../kernel/pawl-error.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts';
import { createProgram } from './program.ts';

/** Runs one command line and gives its exit code; every error ends here. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = createProgram((told) => {
    code = told;
  });
  // Subcommands do not inherit this from the program.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    report(error, argv.includes('--json'));
    return exitCodeOf(error);
  }
}

function report(error: unknown, json: boolean): void {
  if (!isPawlError(error)) {
    process.stderr.write(`Unexpected error: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
    return;
  }
  if (json) process.stdout.write(`${JSON.stringify({ type: 'error', ...error.toJSON() })}\n`);
  process.stderr.write(`${error.code}: ${error.message}\n`);
}

// A reader that went away (`pawl runs | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
});
process.exitCode = await main(process.argv.slice(2));
