import { isProposalHeader, scopeMembers } from '../exchange/bundle/bundle-format.ts';
import { type BundleVerdict, verifyBundle } from '../exchange/bundle/verify-bundle.ts';
import { systemClock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Claim } from '../ledger/verify/claims.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Output } from './output.ts';
import { gatherTrust, type TrustOptions } from './verify-trust.ts';

const progressMs = 1000;
const failuresShownMax = 5;

/** Checks a bundle without any ledger and says what holds, claim by claim. */
export async function verifyBundleAndReport(
  path: string,
  options: TrustOptions,
  output: Output,
): Promise<ExitCode> {
  const trust = await gatherTrust(options, [], []);
  const verdict = await verifyBundle(path, { trust, onProgress: everySecond(output) });
  report(verdict, output);
  const { header, signed, nothingAltered, outcome } = verdict;
  const isOpen = signed.verdict === 'unknown' || nothingAltered.verdict === 'unknown';
  if (outcome === 'inconclusive' && isOpen && trust.verifierKeys.length === 0 && header.checkpoint !== null) {
    output.text(
      'Who signed it is not decided: --verifier-key with the key that the owner of the ledger publishes decides it.',
    );
  }
  return exitCode(verdict);
}

function exitCode({ outcome }: BundleVerdict): ExitCode {
  switch (outcome) {
    case 'ok':
      return exitCodes.ok;
    case 'failed':
      return exitCodes.integrity;
    case 'diverged':
      return exitCodes.replayDiverged;
    case 'inconclusive':
      return exitCodes.error;
  }
}

function report({ header, failures, outcome, ...claims }: BundleVerdict, output: Output): void {
  const { records, blobs, size, root, pawl, redacted } = header;
  output.record({
    ...{ type: 'bundle', outcome, ...scopeMembers(header), records, blobs, size, root, pawl, redacted },
    ...(claims as unknown as JsonObject),
  });
  for (const failure of failures) output.record({ type: 'stream', ...(failure as unknown as JsonObject) });
  const of = isProposalHeader(header)
    ? `the proposal ${header.proposal} of ${header.improvement}`
    : (header.episode ?? header.run);
  output.text(`Bundle of ${of}: ${records} records and ${blobs} texts, written by Pawl ${pawl}.`);
  output.text(`Nothing altered: ${claimText(claims.nothingAltered)}`);
  output.text(`Nothing missing: ${claimText(claims.nothingMissing)}`);
  output.text(`Signed: ${claimText(claims.signed)}`);
  output.text(`Re-decided: ${claimText(claims.reDecided)}`);
  output.text(`Readable page: ${claimText(claims.readable)}`);
  for (const failure of failures.slice(0, failuresShownMax)) {
    const what =
      failure.verdict === 'diverged'
        ? `diverged at revision ${failure.divergence.revision}: ${failure.divergence.reason}`
        : `inconclusive: ${failure.verdict === 'inconclusive' ? failure.missing : ''}`;
    output.text(`  ${failure.stream} ${what}`);
  }
  if (failures.length > failuresShownMax)
    output.text(`  … and ${failures.length - failuresShownMax} more streams`);
}

function claimText({ verdict, because }: Claim): string {
  return `${verdict}. ${because}`;
}

function everySecond(output: Output): (done: { lines: number; streams: number }) => void {
  let saidMs = systemClock.monotonic();
  return ({ lines, streams }) => {
    const now = systemClock.monotonic();
    if (now - saidMs < progressMs) return;
    saidMs = now;
    output.note(streams === 0 ? `read ${lines} lines …` : `replayed ${streams} streams …`);
  };
}
