import { Command } from 'commander';
import { decodeRecord } from '../events/record.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import { publishTiles } from '../ledger/audit/publish-tiles.ts';
import { type TilesProgress, type TilesUpdate, TilesWriter } from '../ledger/audit/tiles-writer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';

interface TilesOptions extends CommonOptions {
  readonly follow?: boolean;
}

const progressMs = 1000;

export function tilesCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('tiles')
    .summary('keep the ledger as tiles that anybody can follow')
    .description(
      'Writes the records, the tree over them and the newest signed checkpoint into a directory (C2SP tlog-tiles), or brings it up to date. Served by any web server, witnesses and monitors made by others can follow the ledger. A directory of another history is refused.',
    )
    .argument('<directory>', 'where the tiles are, or are to be')
    .option('--follow', 'stay, and publish every checkpoint that is signed, until stopped')
    .action(async (directory: string, options: TilesOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        if (options.follow === true) await follow(ledger, directory, output);
        else report(directory, await publishOnce(ledger, directory, output), output);
        finish(exitCodes.ok);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl tiles public': 'publish what is signed so far under ./public',
    'pawl tiles public --follow': 'and go on while runs are recorded',
    'pawl verify --tiles public': 'the ledger is what was published',
  });
}

async function publishOnce(ledger: Ledger, directory: string, output: Output): Promise<TilesUpdate> {
  const writer = await TilesWriter.open(ledger.store, directory);
  return publishTiles(ledger, writer, progressNotes(output));
}

async function follow(ledger: Ledger, directory: string, output: Output): Promise<void> {
  const signals = listenForStop(output, systemClock);
  try {
    // Taken before the first look, so that no checkpoint falls between the two.
    const { size: start } = await ledger.head();
    const writer = await TilesWriter.open(ledger.store, directory);
    const progress = progressNotes(output, signals.abort);
    let published = await publishIfAny(ledger, writer, directory, output, progress);
    output.note(`Following ${ledger.address}; Ctrl-C ends it.`);
    for await (const record of ledger.store.subscribe(start, signals.pause)) {
      if (record.stream !== auditStreams.checkpoints) continue;
      const event = decodeRecord(record.position, record.bytes);
      if (event.type !== 'CheckpointSigned' || event.data.size <= published) continue;
      published = await publishIfAny(ledger, writer, directory, output, progress);
    }
  } finally {
    signals.dispose();
  }
}

/** Records that are published now; 0 while nothing is signed, which is no error to somebody who waits for it. */
async function publishIfAny(
  ledger: Ledger,
  writer: TilesWriter,
  directory: string,
  output: Output,
  progress: TilesProgress,
): Promise<number> {
  try {
    const update = await publishTiles(ledger, writer, progress);
    report(directory, update, output);
    return update.size;
  } catch (error) {
    if (!isPawlError(error, 'LEDGER_POSITION')) throw error;
    output.note('Nothing is signed yet.');
    return 0;
  }
}

function report(directory: string, { from, size, written }: TilesUpdate, output: Output): void {
  const news = from === size ? 'nothing new' : `${size - from} of them new, ${written} tiles written`;
  output.text(`${directory} holds ${size} records: ${news}.`);
  output.record({ type: 'tiles', directory, from, size, written });
}

/** @param abort stops what is under way; nothing of it was published, and what was written is found there the next time */
function progressNotes(output: Output, abort?: AbortSignal): TilesProgress {
  let saidMs = systemClock.monotonic();
  return ({ records, of }) => {
    if (abort?.aborted === true) {
      throw new PawlError('INTERRUPTED', 'Stopped at once. `pawl tiles` goes on where it was.');
    }
    const now = systemClock.monotonic();
    if (now - saidMs < progressMs) return;
    saidMs = now;
    output.note(`${records} of ${of} records`);
  };
}
