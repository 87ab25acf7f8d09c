import { type Command, InvalidArgumentError } from 'commander';
import { defaultLedgerAddress } from './open-for-cli.ts';

export interface CommonOptions {
  readonly ledger?: string;
  readonly json?: boolean;
}

/** What every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option(
      '--ledger <address>',
      `where the ledger is: a file, or esdb://HOST on a cluster (default: PAWL_LEDGER, else ${defaultLedgerAddress})`,
    )
    .option('--json', 'JSON lines on stdout, everything else on stderr');
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
}

export function commaList(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new InvalidArgumentError('It must be a list such as a,b,c.');
  return items;
}

/** For limits that may be lifted: `none`. */
export function positiveOrNone(text: string): number | 'none' {
  return text === 'none' ? text : positiveInteger(text);
}

/** For options that may be repeated. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Ends a help text with command lines and what they are for. */
export function withExamples(command: Command, examples: Readonly<Record<string, string>>): Command {
  const width = Math.max(...Object.keys(examples).map((line) => line.length));
  const lines = Object.entries(examples).map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
