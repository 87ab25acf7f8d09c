import type { EventStore } from './event-store.ts';
import { FileSource } from './stores/sqlite/file-source.ts';
import { PortSource } from './verify/port-source.ts';
import { inProcessRunner } from './verify/task-runner.ts';
import { noTrust } from './verify/trust.ts';
import { verifyHistory } from './verify/verify-history.ts';
import type { VerifyOptions, VerifyReport } from './verify/verify-report.ts';
import { VerifyThreads } from './verify/verify-threads.ts';

/** Below this a thread takes longer to start than the work takes; above, its memory is bounded, and this process stays idle. */
const recordsForThreadsMin = 16_384;
const sqliteScheme = 'sqlite:';

/** Whatever is left out: no trust from outside, 100 problems, two threads from 16,384 records on. */
export type VerifyLedgerOptions = Partial<VerifyOptions> & { readonly jobs?: number };

/**
 * Derives everything again from the raw bytes: each record's leaf hash, the tree over all of them, positions and revisions
 * without gaps, the envelope against the place the record was found at, its schema, every blob against its digest, the indexes
 * against the records, and every signed checkpoint against its key and the records before it. Never stops at a problem and never
 * throws for one; a ledger that is being written is checked up to where it was.
 *
 * That the records fit together does not prove that they are those that were written: see the two claims of the report, and
 * `trust` for what they can rest on.
 *
 * @throws PawlError `LEDGER_CORRUPT` and others when the file cannot be opened at all
 */
export async function verifyLedger(
  store: EventStore,
  options: VerifyLedgerOptions = {},
): Promise<VerifyReport> {
  return store.address.startsWith(sqliteScheme)
    ? verifyFile(store.address.slice(sqliteScheme.length), options)
    : verifyPort(store, options);
}

/** As `verifyLedger`, for a SQLite file that may be too damaged to be opened as a ledger. */
export async function verifyFile(path: string, options: VerifyLedgerOptions = {}): Promise<VerifyReport> {
  const address = `${sqliteScheme}${path}`;
  const source = new FileSource(path, address);
  try {
    const small = (await sizeOf(source)) < recordsForThreadsMin;
    const runner = small ? inProcessRunner(source) : new VerifyThreads(path, address, options.jobs ?? 2);
    try {
      return await verifyHistory(source, runner, complete(options));
    } finally {
      await runner.close();
    }
  } finally {
    source.close();
  }
}

function verifyPort(store: EventStore, options: VerifyLedgerOptions): Promise<VerifyReport> {
  const source = new PortSource(store);
  return verifyHistory(source, inProcessRunner(source), complete(options));
}

async function sizeOf(source: FileSource): Promise<number> {
  try {
    return (await source.head()).size;
  } catch {
    return 0;
  }
}

function complete({ trust, problemsMax, deep, onProgress, further }: VerifyLedgerOptions): VerifyOptions {
  return {
    trust: trust ?? noTrust,
    problemsMax: problemsMax ?? 100,
    deep: deep ?? false,
    onProgress,
    further,
  };
}
