import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { projections } from '../../../projections/catalogue.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { seededIdSource } from '../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { parseCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { checkpointTextOf } from '../../../src/ledger/audit/checkpoint-memory.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { readProjection } from '../../../src/ledger/snapshots/read-projection.ts';
import type { OutsideCheckpoint } from '../../../src/ledger/verify/trust.ts';
import { jsonLines, pawl } from '../../e2e/pawl.ts';
import { smallRun } from '../../e2e/small-run.ts';

/** A ledger that the real command made, signed it, ran in it twice and erased from it; and what is known of it elsewhere. */
export interface LedgerUnderTest {
  readonly path: string;
  /** A whole copy from between the two runs. */
  readonly olderPath: string;
  readonly origin: string;
  readonly verifierKey: string;
  /** What was remembered at the end of the last session. */
  readonly remembered: OutsideCheckpoint;
  readonly olderRemembered: OutsideCheckpoint;
}

export async function makeLedgerUnderTest(directory: string): Promise<LedgerUnderTest> {
  const path = join(directory, 'pawl.db');
  const olderPath = join(directory, 'older.db');
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await pawl(directory, args);
    if (exitCode !== 0) throw new Error(`pawl ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return stdout;
  };
  const [init] = jsonLines(await run('init', '--every', '20', '--json'));
  const { origin, verifierKey } = init as { origin: string; verifierKey: string };
  await run(...smallRun('best-of-n'));
  copyFileSync(path, olderPath);
  const olderRemembered = await newest(run);
  await run(...smallRun('sequential-feedback'));
  await run('erase', await somePrompt(path), '--reason', 'a secret was in it');
  await makeSnapshots(path);
  return { path, olderPath, origin, verifierKey, remembered: await newest(run), olderRemembered };
}

/** As a person would keep it: printed by the command, and put somewhere else. */
async function newest(run: (...args: readonly string[]) => Promise<string>): Promise<OutsideCheckpoint> {
  const [line] = jsonLines(await run('checkpoint', '--json'));
  const note = String(line?.['note']);
  return { ...parseCheckpoint(checkpointTextOf(note)), note, source: 'kept elsewhere' };
}

async function somePrompt(path: string): Promise<string> {
  const ledger = await openToRead(path);
  try {
    for await (const event of ledger.readAll()) {
      if (event.type === 'FeedbackComposed') return event.data.text.digest;
    }
    throw new Error('the ledger holds no feedback');
  } finally {
    await ledger.close();
  }
}

async function makeSnapshots(path: string): Promise<void> {
  const ledger = await openToRead(path);
  for (const projection of projections) await readProjection<unknown>(ledger, projection, 1);
  await ledger.close();
}

export function openToRead(path: string) {
  const ids = seededIdSource(systemClock, seededRandom('reader'));
  return openLedger(path, { mode: 'read', create: false, clock: systemClock, ids });
}
