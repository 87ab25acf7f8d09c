import { Command } from 'commander';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import { type CopyOptions, copyLedger, planCopy } from '../ledger/copy/copy-ledger.ts';
import type { EventStore } from '../ledger/event-store.ts';
import { openMemoryStore } from '../ledger/stores/memory.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { copyProgress, tellCopied, tellPlan } from './copy-story.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerMemory, placeOf } from './ledger-memory.ts';
import { ledgerAddress, openStoreForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';

interface CopyCommandOptions extends CommonOptions {
  readonly check?: boolean;
  readonly allowMissingBlobs?: boolean;
}

export function copyCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('copy')
    .summary('copy a ledger into another store, with every byte and every proof as it was')
    .description(
      'Writes a ledger down again in another place or another kind of store: the same records in the same order, and so the same positions, tree, checkpoints and proofs, with every blob. What was erased stays erased. A target that holds the beginning of the source is continued, whatever ended the copying before; a target that holds anything else is left as it is. At the end the roots of both are compared.',
    )
    .argument(
      '<ledgers...>',
      'from where and to where. Only one: to where, from --ledger. The first is only read, and may be in use; the second is a place without a ledger, or with a copy that was begun',
    )
    .option('--check', 'only say whether it can be copied, and what would be; nothing is written')
    .option('--allow-missing-blobs', 'copy a ledger that lacks blobs, or has damaged ones, without them')
    .action(async (ledgers: readonly string[], options: CopyCommandOptions) => {
      const output = processOutput(options.json === true);
      const { from, to } = bothEnds(ledgers, options.ledger);
      if ((await placeOf(from)) === (await placeOf(to)))
        throw new PawlError('USAGE', 'Both addresses are of one ledger; name another place to copy to.');
      const source = await openStoreForCli(from, 'read');
      try {
        if (options.check === true) await check(source, to, output);
        else await copy(source, to, options, output);
        finish(exitCodes.ok);
      } finally {
        await source.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl copy sqlite:/srv/ledgers/pawl.db': 'the ledger in use, to another place',
    'pawl copy pawl.db "esdb://db.example:2113?prefix=team"': 'to a cluster that many machines share',
    'pawl copy "esdb://db.example:2113?prefix=team" team.db': 'and from there into a file',
    'pawl copy pawl.db other.db --check': 'whether it can be copied, and how much there is',
  });
}

/** @throws PawlError `USAGE` */
function bothEnds(ledgers: readonly string[], option: string | undefined): { from: string; to: string } {
  const [first, second, ...others] = ledgers as [string, ...string[]];
  if (second === undefined) return { from: ledgerAddress(option), to: first };
  if (others.length === 0 && option === undefined) return { from: first, to: second };
  throw new PawlError(
    'USAGE',
    'Name the ledger to be copied and where to; with --ledger, only where to. There is nothing else to name.',
  );
}

async function check(source: EventStore, to: string, output: Output): Promise<void> {
  const target = await openStoreForCli(to, 'read').catch((error: unknown) => {
    if (isPawlError(error, 'LEDGER_NOT_FOUND')) return null;
    throw error;
  });
  const store = target ?? openMemoryStore();
  try {
    tellPlan(source.address, target?.address ?? null, to, await planCopy(source, store), output);
  } finally {
    await store.close();
  }
}

async function copy(
  source: EventStore,
  to: string,
  { allowMissingBlobs }: CopyCommandOptions,
  output: Output,
): Promise<void> {
  const clock: Clock = systemClock;
  const target = await openStoreForCli(to, 'create');
  const signals = listenForStop(output, clock);
  // Whatever is under way: a copy that is cut off is a copy that was begun.
  signals.abort.addEventListener('abort', () => process.exit(exitCodes.error));
  const startMs = clock.monotonic();
  const progress = copyProgress(clock, output);
  const options: CopyOptions = {
    ...{ clock, signal: signals.pause, allowsMissingBlobs: allowMissingBlobs === true },
    ...progress,
  };
  try {
    await forgetWhatWasThere(target, output);
    const report = await copyLedger(source, target, options);
    tellCopied(source.address, target.address, report, clock.monotonic() - startMs, output);
  } catch (error) {
    if (progress.hasBegun() && isPawlError(error) && error.entry.retryable && error.code !== 'INTERRUPTED')
      output.note(`${target.address} holds a part of the copy. The same command goes on from there.`);
    throw error;
  } finally {
    signals.dispose();
    await target.close();
  }
}

/** Where there is no record yet, what this machine remembers of an earlier ledger at that place is of another one. */
async function forgetWhatWasThere(target: EventStore, output: Output): Promise<void> {
  if (target.address === 'memory:' || (await target.head()).size > 0) return;
  try {
    await ledgerMemory(target.address, [], true);
  } catch (error) {
    output.note(`What was remembered of a ledger at that place cannot be removed: ${messageOf(error)}`);
  }
}
