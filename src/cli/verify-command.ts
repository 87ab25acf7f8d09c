import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';
import type { VerifyReport } from '../ledger/verify/verify-report.ts';
import { verifyFile } from '../ledger/verify-ledger.ts';
import { isOnServer } from './address-kind.ts';
import {
  type CommonOptions,
  collect,
  positiveInteger,
  withCommonOptions,
  withExamples,
} from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { progressNotes, tellDamaged, type VerifyCliOptions, verifyAndReport } from './verify-and-report.ts';
import { verifyBundleAndReport } from './verify-bundle.ts';

type VerifyCommandOptions = CommonOptions &
  VerifyCliOptions & {
    readonly bundle?: string;
    readonly strict?: boolean;
  };

export function verifyCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('verify')
    .summary('check that nothing was altered and nothing is missing')
    .description(
      'Derives every hash again from the stored bytes; checks positions, revisions, schemas, blobs, indexes, checkpoints and snapshots; and compares with what this machine remembers of the ledger and with what it is given. Says apart whether nothing was altered and whether nothing is missing, and on what that rests. Exit code 120 when something is wrong; of a bundle, or with --strict, 1 when a claim stays open.',
    )
    .option('--deep', 'also write every record anew and compare the bytes')
    .option('--strict', 'exit with 1 unless every claim is yes: unknown is not yes')
    .option('--checkpoint <file>', 'a checkpoint kept elsewhere, to compare with (repeatable)', collect)
    .option(
      '--verifier-key <key>',
      'trust no other key; the key itself or a file with it (repeatable)',
      collect,
    )
    .addOption(
      new Option(
        '--bundle <file>',
        'check a file of `pawl export bundle` instead, without any ledger',
      ).conflicts(['ledger', 'deep']),
    )
    .option('--tiles <directory>', 'compare with tiles of the ledger, record by record')
    .addOption(
      new Option('-j, --jobs <count>', 'threads')
        .argParser(positiveInteger)
        .default(Math.min(2, availableParallelism()), 'two, or one on a single processor'),
    )
    .action(async (options: VerifyCommandOptions) => {
      const output = processOutput(options.json === true);
      if (options.bundle !== undefined)
        return finish(await verifyBundleAndReport(options.bundle, options, output));
      finish(await verify(options, output));
    });
  return withExamples(withCommonOptions(command), {
    'pawl verify': 'what is in ./pawl.db is what was written',
    'pawl verify --checkpoint monday.checkpoint': 'and still begins with what it was on Monday',
    'pawl verify --verifier-key ledger.pub': 'signed by this key and no other',
    'pawl verify --bundle sent.pawl.html --verifier-key ledger.pub': 'evidence that somebody sent you',
  });
}

async function verify(options: VerifyCommandOptions, output: Output): Promise<ExitCode> {
  const address = ledgerAddress(options.ledger);
  let opened: OpenedForCli;
  try {
    opened = await openForCli(address, 'read');
  } catch (error) {
    if (!isPawlError(error, 'LEDGER_CORRUPT') || isOnServer(address)) throw error;
    return exitCode(await verifyDamaged(address, error, options, output), options);
  }
  try {
    return exitCode(await verifyAndReport(opened.ledger, output, options), options);
  } finally {
    await opened.ledger.close();
  }
}

function exitCode(
  { ok, nothingAltered, nothingMissing }: VerifyReport,
  { strict }: VerifyCommandOptions,
): ExitCode {
  if (!ok) return exitCodes.integrity;
  const isDecided = nothingAltered.verdict === 'yes' && nothingMissing.verdict === 'yes';
  return isDecided || strict !== true ? exitCodes.ok : exitCodes.error;
}

/** What does not open as a ledger may still be read as a file, which says more than that it is damaged. */
async function verifyDamaged(
  address: string,
  error: PawlError,
  { deep, jobs }: VerifyCommandOptions,
  output: Output,
): Promise<VerifyReport> {
  try {
    const report = await verifyFile(address.replace(/^sqlite:/, ''), {
      deep: deep === true,
      jobs: jobs ?? 2,
      onProgress: progressNotes(output),
      further: async (problems) => problems.at(null, 'UNREADABLE', error.message),
    });
    tellDamaged(report, output);
    return report;
  } catch {
    throw error;
  }
}
