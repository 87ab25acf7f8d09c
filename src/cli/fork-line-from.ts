import type { StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { forkLine } from '../loop/improve/fork-line.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { ForkOptions } from './fork-options.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';

/** Branches a line of improvement: `pawl fork improvement-NAME --line NEW`. */
export async function forkLineFrom(
  parent: StreamName,
  options: ForkOptions,
  output: Output,
): Promise<ExitCode> {
  const { line: name, at } = options;
  if (name === undefined)
    throw new PawlError('USAGE', 'A branch of a line of improvement needs a name: --line NAME.');
  const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), 'write');
  try {
    const { line, revision, retired } = await forkLine(ledger, writer, { parent, at: at ?? null, name });
    output.record({ type: 'fork', line, parent, revision, retired });
    output.text(`${line} branches off ${parent} at revision ${revision}.`);
    if (retired)
      output.text(
        'It may not test on the held-out items of its parent: alpha is not doubled by branching. Give it others, with a gate of its own (`pawl gate propose`).',
      );
    output.note(`Check it: ${hint(`replay ${line}`, options)}`);
    return exitCodes.ok;
  } finally {
    await ledger.close();
  }
}
