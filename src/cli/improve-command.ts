import { dirname, resolve } from 'node:path';
import { Command, type OptionValueSource } from 'commander';
import { partySchema } from '../events/party.ts';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { GateServices } from '../loop/improve/examine/gate-services.ts';
import { openLine } from '../loop/improve/examine/open-line.ts';
import { loadTaxonomy } from '../loop/improve/failures/taxonomies.ts';
import { improve } from '../loop/improve/improve.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { readLineMemory } from '../loop/improve/line-memory.ts';
import {
  createProposer,
  type ProposalLimits,
  proposerNames,
  recreateProposer,
} from '../loop/improve/proposers/registry.ts';
import type { ImproveOutcome, SittingOptions } from '../loop/improve/sitting.ts';
import {
  type CommonOptions,
  collect,
  positiveInteger,
  withCommonOptions,
  withExamples,
} from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { gateSession } from './gate-session.ts';
import { ImproveTelling } from './improve-telling.ts';
import { lineInterpreters } from './line-interpreters.ts';
import { type LineOptions, newLine, openingOptions, withLineOptions } from './line-options.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

export interface ImproveOptions extends CommonOptions, LineOptions, SandboxOptions {
  readonly line?: string;
  readonly proposals: number;
  readonly proposer: readonly string[];
  readonly proposalTokens?: number;
  readonly proposalSeconds: number;
  readonly taxonomy: string;
  readonly as?: string;
}

export function improveCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('improve')
    .summary('propose changes, examine each at the gate, promote what holds')
    .description(
      'One sitting of the improvement loop: runs the working champion on the split "optimize", sorts its failures, has a change of one slot proposed, and leads it through the gate; then again, from whatever holds by then. Opens the line of improvement when there is none. Stopped or killed, the same command goes on.',
    )
    .option(
      '--line <name>',
      'line of improvement (default: the only one there is, else a new one named main)',
    )
    .option('--proposals <count>', 'changes to be proposed in this sitting', positiveInteger, 8)
    .option(
      '--proposer <spec>',
      `who proposes (repeatable): ${proposerNames.join(', ')} (default: tuner)`,
      collect,
      [],
    )
    .option('--proposal-tokens <count>', 'model tokens that one proposal may take', positiveInteger)
    .option('--proposal-seconds <seconds>', 'time that one proposal may take', positiveInteger, 120)
    .option('--taxonomy <name>', 'how failures are sorted: standard, or a module of your own', 'standard')
    .option('--as <party>', 'who opens the line, such as person:ada (default: the user)')
    .option('--seed <text>', 'the same seed gives the same proposals of the tuner', '1');
  withSandboxOptions(withCommonOptions(withLineOptions(command)));
  withExamples(command, {
    'pawl improve': 'the starter suite with the repair generator, eight proposals of the tuner',
    'pawl improve --proposals 20 --proposer tuner:strategy': 'tune the strategy alone',
    'pawl improve --proposer "program:python3 $PWD/propose.py"': 'let a program of your own propose',
  });
  command.action(async (options: ImproveOptions) => {
    const output = processOutput(options.json === true);
    const given = (name: string): OptionValueSource => command.getOptionValueSource(name);
    finish(
      await improveAndReport(
        options,
        output,
        openingOptions.filter((name) => given(name) === 'cli'),
      ),
    );
  });
  return command;
}

/** What `improve` does. `opening`: options that only count while a line is opened, and were given. */
export async function improveAndReport(
  options: ImproveOptions,
  output: Output,
  opening: readonly string[],
): Promise<ExitCode> {
  const sandboxes = await openSandboxes(options, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    // What is wrong with the command line is found before there is a ledger.
    const wanted = await newSitting(options);
    const opened = await openForCli(ledgerAddress(options.ledger), 'create');
    try {
      const checksDirectory = options.gate === undefined ? process.cwd() : dirname(resolve(options.gate));
      const telling = new ImproveTelling(opened.ledger, output, options);
      const name = await nameOf(options, opened);
      const begun = await ImprovementLine.open(name, { ...opened, clock: systemClock });
      const sandbox = await sandboxes.like(await lineInterpreters(opened.ledger, begun));
      const session = gateSession(
        opened,
        sandbox,
        { jobs: options.jobs, output, checksDirectory },
        telling.onCheck,
      );
      const line = await lineOf(name, options, output, { opened, services: session.services, opening });
      const sitting = await sittingOf(wanted, opened, line);
      try {
        await telling.begin(line, sitting);
        const outcome = await improve(line, session.services, sitting, signals, telling);
        session.clear();
        await telling.end(line, outcome);
        return exitCodeOf(outcome);
      } finally {
        for (const proposer of sitting.proposers) await proposer.close();
      }
    } finally {
      await opened.ledger.close();
    }
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}

async function lineOf(
  name: string,
  options: ImproveOptions,
  output: Output,
  {
    opened,
    services,
    opening,
  }: {
    readonly opened: OpenedForCli;
    readonly services: GateServices;
    readonly opening: readonly string[];
  },
): Promise<ImprovementLine> {
  const known = await ImprovementLine.open(name, services);
  // One whose opening was interrupted has no gate yet, and is opened to its end.
  if (known.state.gate !== null && known.state.working.strategy !== undefined) {
    if (opening.length > 0)
      output.note(
        `The line "${name}" is open already; what it was opened with holds, not ${opening.map(flag).join(', ')}.`,
      );
    return known;
  }
  return openLine(await newLine(name, options.as ?? partyOf(opened.writer.actor), options), services);
}

async function nameOf({ line }: ImproveOptions, { ledger }: OpenedForCli): Promise<string> {
  if (line !== undefined) return line;
  for await (const _ of ledger.streams('improvement-')) return findLine(ledger, undefined);
  return 'main';
}

async function newSitting(options: ImproveOptions): Promise<SittingOptions> {
  const limits: ProposalLimits = {
    secondsMax: options.proposalSeconds,
    tokensMax: options.proposalTokens ?? null,
  };
  const specs = options.proposer.length === 0 ? ['tuner'] : options.proposer;
  const taxonomy = await loadTaxonomy(options.taxonomy);
  const proposers = await Promise.all(specs.map((spec) => createProposer(spec, limits)));
  const names = new Set(proposers.map(({ name }) => name));
  if (names.size < proposers.length)
    throw new PawlError(
      'USAGE',
      `Two proposers are called the same: ${[...names].join(', ')}. Name each once.`,
    );
  return { proposals: options.proposals, seed: options.seed, proposers, taxonomy };
}

/** Who goes on with a sitting that was stopped takes what it began with. */
async function sittingOf(
  wanted: SittingOptions,
  { ledger }: OpenedForCli,
  line: ImprovementLine,
): Promise<SittingOptions> {
  const { sitting } = await readLineMemory(ledger, line);
  if (sitting === null) return wanted;
  for (const proposer of wanted.proposers) await proposer.close();
  const proposers = await Promise.all(sitting.proposers.map(recreateProposer));
  return { ...wanted, proposals: sitting.proposals, seed: sitting.seed, proposers };
}

function partyOf(actor: string): string {
  const party = `person:${actor.replaceAll(/[\s:]+/g, '-')}`;
  return partySchema.safeParse(party).success ? party : 'person:unknown';
}

function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function exitCodeOf({ status, reason }: ImproveOutcome): ExitCode {
  if (status === 'finished') return reason === 'held_out_exhausted' ? 101 : exitCodes.ok;
  return reason === 'approval' ? 101 : exitCodes.error;
}
