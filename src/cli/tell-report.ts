import type { JsonObject } from '../kernel/json.ts';
import { type Claim, placeOf } from '../ledger/verify/claims.ts';
import type { Problem } from '../ledger/verify/problem.ts';
import type { Trust } from '../ledger/verify/trust.ts';
import type { VerifyReport } from '../ledger/verify/verify-report.ts';
import type { Output } from './output.ts';

const shownMax = 20;

/** A verification as people and programs read it: the two claims first, then what they rest on and what is wrong. */
export function tellReport(report: VerifyReport, trust: Trust, output: Output): void {
  const { ok, records, streams, blobs, problems, problemCount, nothingAltered, nothingMissing } = report;
  const root = Buffer.from(report.head.root).toString('hex');
  const trusted = trustTexts(trust);
  output.record({
    type: 'verify',
    ...{ ok, records, streams, blobs, root, problemCount, trusted },
    nothingAltered: { ...nothingAltered },
    nothingMissing: { ...nothingMissing },
    firstBad: report.firstBad === null ? null : { ...report.firstBad },
    checkpoints: report.checkpoints,
    erased: report.erased.length,
  });
  for (const erased of report.erased) output.record({ type: 'erased', ...erased } as JsonObject);
  for (const problem of problems) output.record({ type: 'problem', ...problem } as JsonObject);

  const place = report.firstBad === null ? '' : `, the first bad record ${placeOf(report.firstBad)}`;
  const looked = `${records} events in ${streams} streams and ${blobs} blobs`;
  output.text(
    ok
      ? `Verified ${looked}: all of it fits together.`
      : `The ledger does not verify: ${problemCount} ${problemCount === 1 ? 'problem' : 'problems'}${place}.`,
  );
  output.text(`Nothing altered: ${claimText(nothingAltered)}`);
  output.text(`Nothing missing: ${claimText(nothingMissing)}`);
  for (const text of trusted) output.text(`Trusted: ${text}`);
  for (const { digest, position, reason, actor } of report.erased.slice(0, shownMax)) {
    output.text(`Erased: blob ${digest}, by ${actor} at position ${position}: ${reason}`);
  }
  for (const problem of problems.slice(0, shownMax)) {
    output.text(`  ${problem.code} at ${placeOfProblem(problem)}: ${problem.message}`);
  }
  output.text(`Tree head ${root}`);
}

function claimText({ verdict, because }: Claim): string {
  return `${verdict}. ${because}`;
}

function trustTexts({ checkpoints, verifierKeys }: Trust): string[] {
  return [
    ...verifierKeys.map((key) => `the key ${key}`),
    ...checkpoints.map(({ size, source }) => `the checkpoint of ${size} records ${source}`),
  ];
}

function placeOfProblem({ position, digest }: Problem): string {
  if (position !== null) return `position ${position}`;
  return digest === null ? 'no single record' : `blob ${digest}`;
}
