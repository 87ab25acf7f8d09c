import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type SlotKind, slotKinds } from '../events/slots.ts';
import { systemClock } from '../kernel/clock.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { examine } from '../loop/improve/examine/examine.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { contentFromText, propose } from '../loop/improve/propose.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { gateSession } from './gate-session.ts';
import { hint } from './hint.ts';
import { proposalLine, proposalRecords } from './improve-story.ts';
import { lineInterpreters } from './line-interpreters.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { party } from './party-option.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

interface ProposeOptions extends CommonOptions, SandboxOptions {
  readonly line?: string;
  readonly slot: SlotKind;
  readonly content: string;
  readonly hypothesis: string;
  readonly target: string;
  readonly predictedGain: number;
  readonly falsifiedBy: string;
  readonly as: string;
  readonly examine?: boolean;
}

export function proposeCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('propose')
    .summary('bring a change of one slot: what, why, and what would prove it wrong')
    .description(
      'Writes a change contract into a line of improvement. The gate examines it with --examine, or first thing in the next `pawl improve`. With --examine, exit code 100 when it is discarded, and 101 when nothing is certified.',
    )
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .addOption(new Option('--slot <slot>', 'what it changes').choices(slotKinds).makeOptionMandatory())
    .requiredOption(
      '--content <file>',
      'the new content: text of a prompt, specification of a generator, or JSON of a strategy or of settings of the gate',
    )
    .requiredOption('--hypothesis <text>', 'why it should be better')
    .option('--target <class>', 'the class of failures it is made against', 'any')
    .requiredOption('--predicted-gain <number>', 'gain per item that you expect, such as 0.05', gain)
    .requiredOption('--falsified-by <text>', 'what would prove you wrong')
    .requiredOption('--as <party>', 'who proposes, such as person:ada', party)
    .option('--examine', 'lead it through the gate now');
  withSandboxOptions(withCommonOptions(command));
  withExamples(command, {
    "pawl propose --slot prompt --content shorter.txt --hypothesis 'Less to read' --predicted-gain 0.05 --falsified-by 'dev not better' --as person:ada":
      'another prompt',
  });
  command.action(async (options: ProposeOptions) => {
    finish(await run(options, processOutput(options.json === true)));
  });
  return command;
}

async function run(options: ProposeOptions, output: Output): Promise<ExitCode> {
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  try {
    const name = await findLine(opened.ledger, options.line);
    const line = await ImprovementLine.open(name, { ...opened, clock: systemClock });
    const { slot, hypothesis, target, predictedGain, falsifiedBy, as: author } = options;
    const content = await contentFromText(line, slot, await readContent(options.content));
    const proposal = opened.ids.next();
    const change = { proposal, slot, content, author, hypothesis, predictedGain, falsifiedBy };
    await propose(line, { ...change, targetFailure: target });
    output.text(`Proposed for ${slot} of ${line.stream}: ${proposal}`);
    if (options.examine === true) return await lead(line, proposal, options, { opened, output });
    for (const record of proposalRecords(line.state, line.state.proposalCount - 1)) output.record(record);
    output.note(`Lead it through the gate: ${hint(`improve --line ${name}`, options)}`);
    return exitCodes.ok;
  } finally {
    await opened.ledger.close();
  }
}

async function lead(
  line: ImprovementLine,
  proposal: string,
  options: ProposeOptions,
  { opened, output }: { readonly opened: OpenedForCli; readonly output: Output },
): Promise<ExitCode> {
  const sandboxes = await openSandboxes(options, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    let dev: string | null = null;
    const sandbox = await sandboxes.like(await lineInterpreters(opened.ledger, line));
    const given = { jobs: options.jobs, output, checksDirectory: process.cwd() };
    const session = gateSession(opened, sandbox, given, ({ check, sentence }) => {
      if (check === 'dev') dev = sentence;
    });
    const standing = await examine(line, session.services, proposal, signals);
    session.clear();
    const { state } = line;
    const judged = state.proposals[proposal];
    if (judged !== undefined) {
      output.text(proposalLine(state, judged, dev));
      for (const record of proposalRecords(state, judged.index)) output.record(record);
    }
    output.note(`Check it: ${hint(`replay ${line.stream}`, options)}`);
    if (standing === 'promoted') return exitCodes.ok;
    return standing === 'discarded' ? 100 : 101;
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}

async function readContent(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    throw new PawlError('USAGE', `--content ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function gain(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= -1 && value <= 1))
    throw new InvalidArgumentError('It must be a number from -1 to 1, such as 0.05.');
  return value;
}
