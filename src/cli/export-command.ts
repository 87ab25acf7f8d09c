import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { type Redactable, redactable, redactableMeaning } from '../exchange/bundle/redaction.ts';
import { commaList, withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { exportBundle } from './export-bundle.ts';
import type { ExportOptions } from './export-options.ts';
import { processOutput } from './output.ts';

export function exportCommand(finish: (code: ExitCode) => void): Command {
  const kinds = redactable.map((kind) => `  ${kind.padEnd(16)}${redactableMeaning[kind]}`).join('\n');
  const command = new Command('export')
    .summary('write evidence for somebody who has no ledger')
    .description(
      'Writes one self-contained file about a run, or about a proposal and what it was promoted or discarded on: every record of it, the texts they refer to, the proof that they stand in the signed ledger, and a page to read. `pawl verify --bundle` checks it anywhere.',
    )
    .addArgument(new Argument('<what>', 'what to write').choices(['bundle']))
    .option('--run <run>', 'a run (its id or the end of it; default: latest)')
    .option('--episode <episode>', 'only one episode of it, by its number or its task')
    .option(
      '--proposal <proposal>',
      'a proposal instead (its id or the end of it): what it was promoted or discarded on',
    )
    .option('--line <name>', 'the line of improvement of the proposal, where there are several')
    .option(
      '--for <party>',
      'who gets it, as person:auditor: needed while the held-out items in it are in use',
    )
    .addOption(
      new Option(
        '--redact [kinds]',
        'withhold these kinds of texts, such as prompts,programs; all without a list',
      ).argParser(redactedKinds),
    )
    .option('--out <file>', 'where to write it (default: named after what it is of)')
    .option('--force', 'also replace a file that is there')
    .option(
      '--no-record',
      'do not write into the ledger that there was an export; it is then opened for reading',
    )
    .action(async (_what: string, options: ExportOptions) => {
      finish(await exportBundle(options, processOutput(options.json === true)));
    })
    .addHelpText(
      'after',
      `\nKinds that can be withheld, each with the kinds that quote it:\n${kinds}\n\nDigests and sizes stay, and so do the records: names of tasks, notes of generators and messages of errors are in them.`,
    );
  return withExamples(withCommonOptions(command), {
    'pawl export bundle': 'the last run, into a file named after it',
    'pawl export bundle --run 7XK2QD --episode 3 --out e3.pawl.html': 'one episode of a run',
    'pawl export bundle --proposal 7XK2QD --for person:auditor': 'why a challenger was promoted, or not',
    'pawl export bundle --redact hidden-tests --no-record': 'the grading stays secret, the ledger as it is',
  });
}

function redactedKinds(text: string): readonly Redactable[] {
  return commaList(text).map((name) => {
    const kind = redactable.find((known) => known === name);
    if (kind !== undefined) return kind;
    throw new InvalidArgumentError(`"${name}" is none of ${redactable.join(', ')}.`);
  });
}
