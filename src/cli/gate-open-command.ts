import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { PawlError } from '../kernel/pawl-error.ts';
import { openLine } from '../loop/improve/examine/open-line.ts';
import { loadSuite } from '../tasks/registry.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { gateSession } from './gate-session.ts';
import { gateStory } from './gate-story.ts';
import { hint } from './hint.ts';
import { type LineOptions, newLine, withLineOptions } from './line-options.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { partyOption } from './party-option.ts';
import type { LineChoice } from './with-line.ts';

interface OpenOptions extends LineChoice, LineOptions {
  readonly as: string;
}

/** As much as a stream's name can hold. */
const nameShape = /^[A-Za-z0-9._:-]{1,100}$/;

export function gateOpenCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('open')
    .summary('open a line of improvement: its gate, its held-out items, its baseline')
    .description(
      'Opens a line of improvement without improving anything yet: registers the gate, freezes the splits and the order in which held-out items are read, and puts the baseline into the slots. `pawl improve`, `pawl propose` and `pawl gate check` go on from there.',
    )
    .option('--line <name>', 'name of the line (default: that of the suite)')
    .addOption(partyOption('who opens it'))
    .option('--seed <text>', 'everything random in evaluations is drawn from it', '1');
  withExamples(withCommonOptions(withLineOptions(command)), {
    'pawl gate open --as person:ada': 'the starter suite, the repair generator, the default gate',
    'pawl gate open --suite humanevalpack:tasks.jsonl --shares 63:0:100:0 --gate gate.json --as person:ada':
      'your own suite, shares and settings',
  });
  command.action(async (options: OpenOptions) => {
    await run(options, processOutput(options.json === true));
    finish(0);
  });
  return command;
}

async function run(options: OpenOptions, output: Output): Promise<void> {
  const name = options.line ?? (await loadSuite(options.suite)).name;
  if (!nameShape.test(name)) {
    throw new PawlError(
      'USAGE',
      `A line cannot be called "${name}". Name it with letters, digits and . _ : - (--line NAME).`,
    );
  }
  const opening = await newLine(name, options.as, options);
  const sandboxes = await openSandboxes({}, output);
  const opened = await openForCli(ledgerAddress(options.ledger), 'create');
  try {
    const checksDirectory = options.gate === undefined ? process.cwd() : dirname(resolve(options.gate));
    const { services } = gateSession(
      opened,
      await sandboxes.asked(),
      { jobs: 1, output, checksDirectory },
      () => undefined,
    );
    const line = await openLine(opening, services);
    const { text, record } = await gateStory(opened.ledger, line);
    output.text(text);
    output.record(record);
    output.note(`Improve it: ${hint(`improve --line ${name}`, options)}`);
  } finally {
    await opened.ledger.close();
    await sandboxes.close();
  }
}
