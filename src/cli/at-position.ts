import type { Command } from 'commander';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { positionBefore } from '../ledger/position-before.ts';
import { findRun } from './find-run.ts';
import { readRuns } from './read-projections.ts';

/** What commands that look at the past take. */
export function withAt(command: Command): Command {
  return command.option(
    '--at <position>',
    'as it was after the record at this position, or before a time such as 2026-11-21T10:00:00Z',
  );
}

/**
 * The position that `--at` means; null where it was not given. A time means the last record written before it, by the clock of
 * whoever wrote it.
 *
 * @throws PawlError `USAGE`, `LEDGER_POSITION`
 */
export async function atPosition(ledger: Ledger, text: string | undefined): Promise<number | null> {
  if (text === undefined) return null;
  if (/^\d+$/.test(text)) return Number(text);
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new PawlError(
      'USAGE',
      `--at takes a position or a time such as 2026-11-21T10:00:00Z, not "${text}".`,
    );
  }
  const position = await positionBefore(ledger, time);
  if (position === null) {
    throw new PawlError('LEDGER_POSITION', `The ledger has no record from before ${text}.`, {
      context: { at: text },
    });
  }
  return position;
}

/**
 * What `find` gives; where it finds no run because there was none yet, the error says since when there is one.
 *
 * @throws PawlError `RUN_NOT_FOUND`
 */
export async function explainingAbsence<Found>(
  ledger: Ledger,
  name: string,
  at: number | null,
  find: () => Found,
): Promise<Found> {
  try {
    return find();
  } catch (error) {
    if (at === null || !isPawlError(error, 'RUN_NOT_FOUND')) throw error;
    // Thrown again as it is where nobody has heard of it to this day.
    const { run } = findRun(await readRuns(ledger), name);
    for await (const first of ledger.readStream(run)) {
      const { position } = first;
      if (position <= at) break;
      const since = new Date(first.at).toISOString();
      throw new PawlError(
        'RUN_NOT_FOUND',
        `The run ${run} did not exist yet at position ${at}; it exists since position ${position} (${since}).`,
        { context: { run, at, position } },
      );
    }
    throw error;
  }
}
