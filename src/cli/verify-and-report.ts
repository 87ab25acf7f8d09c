import { auditStreams } from '../ledger/audit/audit-streams.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { noTrust } from '../ledger/verify/trust.ts';
import type { VerifyProgress, VerifyReport } from '../ledger/verify/verify-report.ts';
import { verifyLedger } from '../ledger/verify-ledger.ts';
import type { VerifiedLines } from '../loop/improve/verify-lines.ts';
import type { LedgerMemory } from './ledger-memory.ts';
import type { Output } from './output.ts';
import { memoryOf, readRegistrations } from './seal-session.ts';
import { tellReport } from './tell-report.ts';
import { verifyBeside } from './verify-beside.ts';
import { tellDecisions, verifyDecisions } from './verify-decisions.ts';
import { gatherTrust, type TrustOptions } from './verify-trust.ts';

const progressRecords = 100_000;

export interface VerifyCliOptions extends TrustOptions {
  readonly deep?: boolean;
  /** Threads. */
  readonly jobs?: number;
}

/**
 * Verifies and says so. What was found right is remembered, so that it cannot be taken back unseen.
 */
export async function verifyAndReport(
  ledger: Ledger,
  output: Output,
  options: VerifyCliOptions = {},
): Promise<VerifyReport> {
  const registrations = await readRegistrations(ledger).catch(() => []);
  const origins = registrations.map(({ origin }) => origin);
  const memory =
    ledger.address === 'memory:'
      ? null
      : await memoryOf({ ledger, isNew: false, note: output.note }, origins);
  const ledgerKeys = registrations.map(({ verifierKey }) => verifierKey);
  const trust = await gatherTrust(options, memory?.remembered ?? [], ledgerKeys);
  const verifierKeys = trust.verifierKeys.length > 0 ? trust.verifierKeys : ledgerKeys;
  const tiles = options.tiles === undefined ? null : { directory: options.tiles, verifierKeys };
  let decisions: VerifiedLines | null = null;
  const report = await verifyLedger(ledger.store, {
    deep: options.deep === true,
    jobs: options.jobs ?? 2,
    trust,
    onProgress: progressNotes(output),
    further: async (problems) => {
      await verifyBeside(ledger, tiles, problems);
      decisions = await verifyDecisions(ledger, problems);
    },
  });
  tellReport(report, trust, output);
  tellDecisions(decisions, output);
  if (report.ok) await rememberVerified(ledger, report, memory, output);
  return report;
}

/** For a file that is too damaged to be opened as a ledger, of which nothing but the file itself can be asked. */
export function tellDamaged(report: VerifyReport, output: Output): void {
  tellReport(report, noTrust, output);
}

export function progressNotes(output: Output): (done: VerifyProgress) => void {
  let said = 0;
  return ({ records, of }) => {
    if (records - said < progressRecords) return;
    said = records;
    output.note(`verified ${records} of ${of} records …`);
  };
}

/** The newest checkpoint; of a ledger without a key, the head that was verified. */
async function rememberVerified(
  ledger: Ledger,
  { lastCheckpoint, head }: VerifyReport,
  memory: LedgerMemory | null,
  output: Output,
): Promise<void> {
  try {
    if (lastCheckpoint === null) {
      if (head.size > 0) await memory?.remember({ ...head, note: null });
      return;
    }
    const last = await ledger.lastRevision(auditStreams.checkpoints);
    for await (const event of ledger.readStream(auditStreams.checkpoints, last)) {
      if (event.type !== 'CheckpointSigned' || event.position !== lastCheckpoint.position) continue;
      const { size, root, note } = event.data;
      await memory?.remember({ size, root: Buffer.from(root, 'hex'), note, roots: null });
    }
  } catch (error) {
    output.note(
      `What was verified could not be remembered: ${error instanceof Error ? error.message : error}`,
    );
  }
}
