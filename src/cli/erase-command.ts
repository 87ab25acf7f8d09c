import { Command } from 'commander';
import type { BlobRef } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { eraseBlob } from '../ledger/erase-blob.ts';
import { readErasures } from '../ledger/erasures.ts';
import { blobsContaining, spellingsOf } from '../ledger/find-text.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { blobNotFound } from '../ledger/stores/store-errors.ts';
import { isOnServer } from './address-kind.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findBlob } from './find-blob.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { tellBlobs } from './tell-blobs.ts';

interface EraseOptions extends CommonOptions {
  readonly reason?: string;
  readonly containing?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const notReached =
  'Copies of it, backups and exported bundles are not reached: change a secret that was in use.';

/** A server lets nobody read what was deleted, and takes it out of its files when it is told to tidy up. */
function whereGone(address: string): string {
  return isOnServer(address)
    ? 'Nobody can read the bytes from the server any more. They leave its files with the next scavenge, which an administrator starts.'
    : 'No file of this ledger holds the bytes any more.';
}

const reasonCharactersMax = 1000;

export function eraseCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('erase')
    .summary('remove the bytes of a blob for good; its digest and every proof stay')
    .description(
      'Erases blobs: prompts, completions, programs, outputs. Who did it and why is written down first. The records, which hold the digest only, and the tree over them stay as they are, so every proof still holds; a replay that needs the bytes is inconclusive from then on.',
    )
    .argument('[digest...]', 'blobs by their digest or its beginning')
    .option('--reason <text>', 'why; it stands in the ledger for good')
    .option('--containing <text>', 'every blob that holds this text')
    .option('--yes', 'erase what --containing finds; without it, it is only listed')
    .option('--dry-run', 'list what would be erased and what refers to it, and change nothing')
    .action(async (digests: readonly string[], options: EraseOptions) => {
      const output = processOutput(options.json === true);
      checkUsage(digests, options);
      const onlyLists = options.dryRun === true || (options.containing !== undefined && options.yes !== true);
      const { ledger, writer } = await openForCli(
        ledgerAddress(options.ledger),
        onlyLists ? 'read' : 'write',
      );
      try {
        const blobs = await blobsMeant(ledger, digests, options.containing);
        const listed = await tellBlobs(ledger, blobs, options.containing ?? null, output);
        if (onlyLists) {
          tellNothingErased(listed, options, output);
        } else {
          const erasures = await readErasures(ledger);
          for (const { digest } of blobs) {
            const reason = options.reason ?? '';
            tellErased(await eraseBlob(ledger, digest, reason, writer, erasures), output);
          }
          if (blobs.length > 0) {
            output.note(`${whereGone(ledger.address)} ${notReached}`);
          }
        }
        finish(0);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl erase --containing hunter2 --dry-run': 'what holds a password',
    'pawl erase --containing hunter2 --reason "password in a prompt" --yes': 'and away with it',
    'pawl erase 3f9a77c1 --reason "personal data"': 'one blob, by the beginning of its digest',
  });
}

/** @throws PawlError `USAGE` */
function checkUsage(digests: readonly string[], { reason, containing, dryRun, yes }: EraseOptions): void {
  const refuse = (message: string): never => {
    throw new PawlError('USAGE', message);
  };
  if (digests.length === 0 && containing === undefined) {
    refuse('Say which blobs: by digest, or with `--containing TEXT`.');
  }
  if (containing === '') refuse('Every blob contains nothing; give --containing a text.');
  if (dryRun !== true && (containing === undefined || yes === true) && (reason ?? '').trim() === '') {
    refuse('Give a --reason: it is written down before anything is erased.');
  }
  if ((reason ?? '').length > reasonCharactersMax) {
    refuse(`The --reason is too long; it may have ${reasonCharactersMax} characters.`);
  }
  if (containing !== undefined && spellingsOf(containing).some((spelling) => reason?.includes(spelling))) {
    refuse(
      'The --reason holds the very text that is to be erased, and it would stay for good. Word it otherwise.',
    );
  }
}

/** @throws PawlError `BLOB_NOT_FOUND`, `USAGE`; before anything is erased */
async function blobsMeant(
  ledger: Ledger,
  given: readonly string[],
  containing: string | undefined,
): Promise<readonly BlobRef[]> {
  const blobs = new Map<Digest, BlobRef>();
  for (const text of given) {
    const digest = await findBlob(ledger, text);
    const standing = await ledger.store.blobStanding(digest);
    if (standing.kind === 'missing') throw blobNotFound(digest);
    blobs.set(digest, { digest, bytes: standing.bytes });
  }
  if (containing !== undefined) {
    for await (const blob of blobsContaining(ledger, containing)) blobs.set(blob.digest, blob);
  }
  return [...blobs.values()];
}

function tellNothingErased(count: number, { dryRun }: EraseOptions, output: Output): void {
  if (count === 0) output.note('No blob holds it; there is nothing to erase.');
  else if (dryRun === true) output.note('Nothing was erased: this was a dry run.');
  else output.note('Nothing was erased yet. The same with --yes and --reason TEXT erases these blobs.');
}

function tellErased(
  { digest, bytes, repeated, reason, revision }: Awaited<ReturnType<typeof eraseBlob>>,
  output: Output,
): void {
  output.record({ type: 'erased', digest, bytes, repeated, reason, revision });
  const why = repeated ? `was erased before: ${reason}` : `erased: ${reason}`;
  output.text(`${digest} ${why} (audit-erasures/${revision})`);
}
