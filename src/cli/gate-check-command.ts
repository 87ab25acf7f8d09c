import { readFile, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type SlotKind, slotKinds } from '../events/slots.ts';
import { gateJunit } from '../exchange/gate/gate-junit.ts';
import { gateMarkdown } from '../exchange/gate/gate-markdown.ts';
import type { GateReport } from '../exchange/gate/gate-report.ts';
import { systemClock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { fileFailure } from '../ledger/audit/file-failure.ts';
import { checkChallenger } from './check-challenger.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { party } from './party-option.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { table } from './table.ts';

interface CheckOptions extends CommonOptions, SandboxOptions {
  readonly challenger: string;
  readonly slot: SlotKind;
  readonly line?: string;
  readonly hypothesis?: string;
  readonly as: string;
  readonly junit?: string;
  readonly markdown?: string;
}

export function gateCheckCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('check')
    .summary('judge the content of a file, for CI')
    .description(
      'Proposes the content of a file for a slot and leads it through the gate. What was decided before is answered from the record, and nothing is spent again. Of held-out items the reports hold the symbol alone, because proposers read them.',
    )
    .requiredOption(
      '--challenger <file>',
      'the new content: text of a prompt, specification of a generator, JSON of a strategy or of settings of the gate',
    )
    .addOption(new Option('--slot <slot>', 'what it changes').choices(slotKinds).makeOptionMandatory())
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .option('--hypothesis <text>', 'why it should be better (default: that FILE changed)')
    .option('--as <party>', 'who proposes', party, 'ci:check')
    .option('--junit <file>', 'write JUnit XML there, a test case for every check')
    .option('--markdown <file>', 'write a summary in Markdown there')
    .action(async (options: CheckOptions) => {
      finish(await run(options, processOutput(options.json === true)));
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 promote, 100 discard, 101 inconclusive: it waits for approval, was kept without being certified, or nothing could be decided.',
    );
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl gate check --challenger prompt.txt --slot prompt --as ci:build': 'in a CI job',
    'pawl gate check --challenger prompt.txt --slot prompt --junit gate.xml --markdown "$GITHUB_STEP_SUMMARY"':
      'with its reports',
  });
}

async function run(options: CheckOptions, output: Output): Promise<ExitCode> {
  const { challenger: path, slot, line, as: author } = options;
  const hypothesis = options.hypothesis ?? `The content of ${path} is better than what the slot holds.`;
  const request = {
    ledger: ledgerAddress(options.ledger),
    line,
    slot,
    text: await readText(path),
    author,
    hypothesis,
    sandbox: options,
  };
  const report = await checkChallenger({ ...request, checksDirectory: process.cwd() }, output);
  if (options.junit !== undefined) await write(options.junit, gateJunit(report, systemClock.now()));
  if (options.markdown !== undefined) await write(options.markdown, gateMarkdown(report));
  tell(report, output);
  return { promote: exitCodes.ok, discard: 100, inconclusive: 101 }[report.outcome] as ExitCode;
}

function tell(report: GateReport, output: Output): void {
  const { steps, outcome, sentence, budget, slot, line } = report;
  output.text(`${outcome}: ${sentence}`);
  if (steps.length > 0) {
    const rows = steps.map(({ name, verdict, sentence: why }) => [name, verdict.replace('-', ' '), why]);
    output.text(table(['check', 'verdict', 'why'], rows));
  }
  if (budget !== null)
    output.text(`alpha of the held-out items: ${budget.before} before, ${budget.after} after`);
  const record: JsonObject = {
    ...{ type: 'gate-check', line, slot, challenger: report.challenger, proposal: report.proposal },
    ...{ gate: report.gate, outcome, sentence, steps: steps.map((step) => ({ ...step })) },
    budget: budget === null ? null : { ...budget },
  };
  output.record(record);
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    throw new PawlError('USAGE', `--challenger ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

/** A report takes the place of the one before: a CI job that is run again must not fail on it. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
