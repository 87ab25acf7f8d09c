import { PawlError } from '../kernel/pawl-error.ts';
import type { RememberedCheckpoint } from '../ledger/audit/checkpoint-memory.ts';
import { continues } from '../ledger/audit/continues.ts';
import { type LedgerMemory, ledgerMemory } from './ledger-memory.ts';
import { openForCli } from './open-for-cli.ts';
import { readRegistrations } from './seal-session.ts';

export interface RestoredMemory {
  /** What this machine remembered of the ledger. */
  readonly remembered: readonly { readonly origin: string; readonly size: number; readonly root: string }[];
  /** Whether something is remembered that the restored ledger does not hold. */
  readonly isOlder: boolean;
  /** All of it, for people. */
  readonly told: string;
  /** To be called once the ledger is in place: forgets what does not hold any more. */
  settle(): Promise<void>;
}

/**
 * Compares a ledger that is about to be put in place with what this machine remembers of the one at that place, and of this one
 * wherever it lay. Whoever restores an older copy takes something back; that must be meant.
 *
 * @throws PawlError `INTEGRITY` when something is remembered that is not in it, unless `allowsOlder`
 */
export async function compareWithMemory(
  restoredAddress: string,
  targetAddress: string,
  allowsOlder: boolean,
): Promise<RestoredMemory> {
  const { ledger } = await openForCli(restoredAddress, 'read');
  try {
    const origins = (await readRegistrations(ledger)).map(({ origin }) => origin);
    const memory = await ledgerMemory(targetAddress, origins, false);
    const { size } = await ledger.head();
    let missing: RememberedCheckpoint | null = null;
    for (const checkpoint of memory.remembered) {
      if (!(await continues(ledger.store, checkpoint))) missing = checkpoint;
    }
    if (missing !== null && !allowsOlder) throw takesBack(missing, size);
    return { ...tellMemory(memory, missing, size), settle: () => settle(memory, missing) };
  } finally {
    await ledger.close();
  }
}

async function settle(memory: LedgerMemory, missing: RememberedCheckpoint | null): Promise<void> {
  if (missing !== null) await memory.forget();
}

function tellMemory(
  { remembered }: LedgerMemory,
  missing: RememberedCheckpoint | null,
  size: number,
): Omit<RestoredMemory, 'settle'> {
  const list = remembered.map((checkpoint) => ({
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: Buffer.from(checkpoint.root).toString('hex'),
  }));
  return { remembered: list, isOlder: missing !== null, told: textOf(list, missing, size) };
}

function textOf(
  list: RestoredMemory['remembered'],
  missing: RememberedCheckpoint | null,
  size: number,
): string {
  if (list.length === 0) return 'This machine remembered nothing of it.';
  const heads = list.map(({ origin, size: known, root }) => `${known} records of "${origin}", root ${root}`);
  if (missing === null) return `It holds all that this machine remembers of it: ${heads.join('; ')}.`;
  return `This machine remembered ${heads.join('; ')}; the restored ledger has ${size} records and does not continue that. It is forgotten, as you asked. Whoever else keeps a checkpoint of what is missing, a witness or a reader of published tiles, will find that this ledger does not continue it, and is right.`;
}

function takesBack(missing: RememberedCheckpoint, size: number): PawlError {
  const { origin, size: known } = missing;
  return new PawlError(
    'INTEGRITY',
    `The backup has ${size} records and does not continue the ledger of which this machine remembers ${known} records as "${origin}": what was written since would be gone. Nothing was changed. Look for a newer backup; with --older this one is restored all the same, and what is remembered is forgotten.`,
    { context: { origin, size, remembered: known } },
  );
}
