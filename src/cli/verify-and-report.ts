import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { verifyLedger } from '../ledger/verify-ledger.ts';
import type { Output } from './output.ts';

const problemsShownMax = 20;
const progressRecords = 100_000;

/** Verifies and says so; true when nothing is wrong. */
export async function verifyAndReport(ledger: Ledger, output: Output, deep = false): Promise<boolean> {
  let said = 0;
  const report = await verifyLedger(ledger.store, {
    deep,
    onProgress: ({ records, of }) => {
      if (records - said < progressRecords) return;
      said = records;
      output.note(`verified ${records} of ${of} records …`);
    },
  });
  const root = Buffer.from(report.head.root).toString('hex');
  const { ok, records, streams, blobs, problems, problemCount } = report;
  output.record({ type: 'verify', ok, records, streams, blobs, root, problemCount });
  for (const problem of problems) output.record({ type: 'problem', ...problem } as JsonObject);
  if (ok) {
    output.text(`Verified ${records} events in ${streams} streams and ${blobs} blobs: nothing was altered.`);
    output.text(`Tree head ${root}`);
    return true;
  }
  output.text(`The ledger does not verify: ${problemCount} problems, the first at ${placeOf(problems[0])}.`);
  for (const problem of problems.slice(0, problemsShownMax)) {
    output.text(`  ${problem.code} at ${placeOf(problem)}: ${problem.message}`);
  }
  return false;
}

function placeOf(
  problem: { readonly position: number | null; readonly digest: string | null } | undefined,
): string {
  if (problem === undefined) return 'an unknown place';
  if (problem.position !== null) return `position ${problem.position}`;
  return problem.digest === null ? 'the tree head' : `blob ${problem.digest}`;
}
