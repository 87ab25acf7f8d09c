import { Command, Option } from 'commander';
import { planImport } from '../exchange/import-plan.ts';
import { type ImportOutcome, importRun } from '../exchange/import-run.ts';
import { importerNamed, importers } from '../exchange/importers/registry.ts';
import { systemClock } from '../kernel/clock.ts';
import { loadSuite, suiteFormats } from '../tasks/registry.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { percent } from './summary.ts';

interface ImportOptions extends CommonOptions {
  readonly tasks: string;
  readonly suiteFormat?: string;
  readonly limit?: number;
}

const fileFormats = suiteFormats.map(({ name }) => name).filter((name) => name !== 'starter');
const progressMs = 1000;

export function importCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('import')
    .summary("take in another tool's run, so that it can be audited and executed again")
    .description(
      "Writes another tool's recorded run into the ledger: one run, an episode for each row, each with the row it comes from. All rows are checked first; importing the same file again adds nothing.",
    )
    .argument('<format>', `what wrote the file: ${importers.map(({ name }) => name).join(', ')}`)
    .argument('<file>', 'the recorded run')
    .requiredOption('--tasks <file>', 'the tasks that the run was about, with their tests')
    .addOption(
      new Option(
        '--suite-format <name>',
        'format of that file (default: the one such runs come with)',
      ).choices(fileFormats),
    )
    .option('--limit <count>', 'only the first so many rows', positiveInteger)
    .action(async (format: string, file: string, options: ImportOptions) => {
      finish(await importAndReport(format, file, options, processOutput(options.json === true)));
    });
  const known = importers.map(({ name, summary }) => `  ${name.padEnd(22)}${summary}`).join('\n');
  command.addHelpText('after', `\nFormats:\n${known}`);
  return withExamples(withCommonOptions(command), {
    'pawl import recorded-run gpt.results.jsonl.gz --tasks tasks.jsonl.gz': 'a whole file',
    'pawl import recorded-run gpt.results.jsonl --tasks tasks.jsonl --limit 8': 'its first eight rows',
  });
}

async function importAndReport(
  format: string,
  file: string,
  options: ImportOptions,
  output: Output,
): Promise<ExitCode> {
  const importer = importerNamed(format);
  const suite = await loadSuite(`${options.suiteFormat ?? importer.suiteFormat}:${options.tasks}`);
  // Before the ledger is opened: nothing is made, and nobody waits for a lock, where there is nothing to write.
  const plan = await planImport(file, importer, suite, options.limit ?? null);
  const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), 'create');
  const signals = listenForStop(output, systemClock);
  try {
    const onEpisode = everySecond(output);
    const services = { ledger, writer, clock: systemClock, onEpisode, pause: signals.pause };
    const outcome = await importRun(plan, services);
    report(outcome, suite.tasks.length - outcome.episodes, options, output);
    return outcome.status === 'paused' ? exitCodes.error : exitCodes.ok;
  } finally {
    signals.dispose();
    await ledger.close();
  }
}

/** Quick imports say nothing on their way. */
function everySecond(output: Output): () => void {
  let written = 0;
  let saidMs = systemClock.monotonic();
  return () => {
    written += 1;
    const now = systemClock.monotonic();
    if (now - saidMs < progressMs) return;
    saidMs = now;
    output.note(`${written} episodes`);
  };
}

/** @param tasksWithoutRow shares are of the rows that are there: whoever leaves out what failed has better ones */
function report(
  outcome: ImportOutcome,
  tasksWithoutRow: number,
  options: ImportOptions,
  output: Output,
): void {
  const { run, status, episodes, programs, publicPass, hiddenPass } = outcome;
  const solved = { publicPass, hiddenPass };
  output.record({ type: 'import', run, status, episodes, programs, ...solved, tasksWithoutRow });
  if (status === 'paused') {
    output.note(`Stopped after ${episodes} episodes. The same import goes on there.`);
    return;
  }
  const done = status === 'present' ? 'is there already' : 'imported';
  output.text(`run ${shortId(run)} ${done}: ${episodes} episodes, ${programs} programs`);
  output.text(
    `solved, as recorded: public ${percent(publicPass, episodes)}, hidden ${percent(hiddenPass, episodes)}`,
  );
  if (tasksWithoutRow > 0) {
    const all = episodes + tasksWithoutRow;
    output.text(`no row for ${tasksWithoutRow} of the ${all} tasks in ${options.tasks}`);
  }
  output.note(`Look closer: ${hint(`audit ${shortId(run)}`, options)}`);
}
