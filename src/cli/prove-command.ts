import { Command, InvalidArgumentError } from 'commander';
import { PawlError } from '../kernel/pawl-error.ts';
import { fromDecimal } from '../ledger/audit/decimal.ts';
import { proveConsistency, proveRecord } from '../ledger/audit/prove-from-ledger.ts';
import type { SignedCheckpoint } from '../ledger/audit/signed-checkpoints.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { readSealed } from './read-sealed.ts';
import { writeNewFile } from './write-new-file.ts';

interface ProveOptions extends CommonOptions {
  readonly consistency?: number;
  readonly size?: number;
  readonly record?: boolean;
  readonly out?: string;
}

export function proveCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('prove')
    .summary('prove that a record is in the ledger, or that the ledger only grew')
    .description(
      'Prints a proof that can be checked without the ledger: that the record at a position is under a signed checkpoint (C2SP tlog-proof), or that the ledger still begins with its first records (the body of a C2SP tlog-witness request).',
    )
    .argument('[position]', 'the record, counted from 0', wholeNumber)
    .option(
      '--consistency <size>',
      'prove that the ledger only grew since it had so many records',
      wholeNumber,
    )
    .option(
      '--size <size>',
      'under the checkpoint of exactly so many records (default: the newest)',
      wholeNumber,
    )
    .option('--record', 'put the bytes of the record into the proof, on its extra line')
    .option('--out <file>', 'write the proof to a new file')
    .action(async (position: number | undefined, options: ProveOptions) => {
      if ((position === undefined) === (options.consistency === undefined)) {
        throw new PawlError(
          'USAGE',
          'Name the position of a record, or a size with --consistency, and not both.',
        );
      }
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        if (position !== undefined) await proveInclusion(ledger, position, options, output);
        else if (options.consistency !== undefined)
          await proveGrowth(ledger, options.consistency, options, output);
        finish(exitCodes.ok);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl prove 17 --out record-17.tlog-proof': 'record 17 is under the newest checkpoint',
    'pawl prove 17 --size 1000 --record': 'under the checkpoint of 1,000 records, with its bytes',
    'pawl prove --consistency 1000': 'the first 1,000 records are still the first ones',
  });
}

async function proveInclusion(
  ledger: Ledger,
  position: number,
  { size, record: withRecord = false, out }: ProveOptions,
  output: Output,
): Promise<void> {
  const { text, signed, record } = await proveRecord(ledger, position, { size, withRecord });
  const covered = signed.checkpoint.size;
  const isSealed = (await readSealed(ledger)).hasRecord(record);
  if (isSealed && withRecord) throw sealedRecord(position);
  const place = isSealed ? 'sealed' : `${record.stream}/${record.revision}`;
  const what = `record ${position} (${place}) is among the first ${covered} records`;
  await deliver(text, signed, { kind: 'inclusion', position, size: covered }, what, out, output);
}

function sealedRecord(position: number): PawlError {
  return new PawlError(
    'HELD_OUT_SEALED',
    `Record ${position} tells of held-out items that are in use: it can be proved without its bytes (leave out --record).`,
    { context: { position } },
  );
}

async function proveGrowth(
  ledger: Ledger,
  oldSize: number,
  { size, record, out }: ProveOptions,
  output: Output,
): Promise<void> {
  if (record === true) throw new PawlError('USAGE', '--record goes with the position of a record.');
  const { text, signed } = await proveConsistency(ledger, oldSize, size);
  const covered = signed.checkpoint.size;
  const what = `the first ${covered} records begin with the first ${oldSize}`;
  await deliver(text, signed, { kind: 'consistency', oldSize, size: covered }, what, out, output);
}

async function deliver(
  proof: string,
  { verifierKey }: SignedCheckpoint,
  about: Readonly<Record<string, string | number>>,
  what: string,
  out: string | undefined,
  output: Output,
): Promise<void> {
  if (out === undefined) {
    output.text(proof.trimEnd());
    output.note(`It proves that ${what}.`);
  } else {
    await writeNewFile(out, proof);
    output.text(`${out} proves that ${what}.`);
  }
  output.record({ type: 'proof', ...about, verifierKey, proof, ...(out === undefined ? {} : { file: out }) });
  output.note(`It is checked with the key ${verifierKey}`);
}

function wholeNumber(text: string): number {
  const value = fromDecimal(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return value;
}
