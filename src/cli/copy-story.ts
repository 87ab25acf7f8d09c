import type { Clock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { CopyPlan, CopyReport, FullCopyPlan } from '../ledger/copy/copy-ledger.ts';
import type { CopyCounts } from '../ledger/copy/copy-work.ts';
import { hidePassword } from '../ledger/stores/hide-password.ts';
import type { Output } from './output.ts';

const progressMs = 2000;

/** Says on stderr how far a copy has come. */
export function copyProgress(clock: Clock, output: Output) {
  let plan: CopyPlan | null = null;
  const startMs = clock.monotonic();
  let saidMs = startMs;
  const onBegin = (begun: CopyPlan): void => {
    plan = begun;
    const { already, head } = begun;
    if (already > 0 && already < head.size)
      output.note(`The first ${already} of ${head.size} records are there; going on behind them.`);
  };
  const onProgress = ({ records, recordBytes, blobs, blobBytes }: Readonly<CopyCounts>): void => {
    const now = clock.monotonic();
    if (plan === null || now - saidMs < progressMs) return;
    saidMs = now;
    const perSecond = Math.round(records / ((now - startMs) / 1000));
    output.note(
      `copied ${records} of ${plan.head.size - plan.already} records (${mebibytes(recordBytes)}, ${perSecond}/s), ${blobs} blobs (${mebibytes(blobBytes)}) …`,
    );
  };
  return { onBegin, onProgress, hasBegun: () => plan !== null };
}

/** @throws PawlError `INTERRUPTED` for one that was stopped, which is no success */
export function tellCopied(
  from: string,
  to: string,
  report: CopyReport,
  tookMs: number,
  output: Output,
): void {
  const { head, already, counts, missingBlobs, finished, grownBy } = report;
  const root = Buffer.from(head.root).toString('hex');
  output.record({
    ...{ type: 'copy', from, to, size: head.size, root, already, ...counts },
    ...{ missingBlobs, finished, grownBy, tookMs: Math.round(tookMs) },
  });
  if (!finished) {
    throw new PawlError(
      'INTERRUPTED',
      `Stopped: ${to} holds the first ${already + counts.records} of ${head.size} records. The same command goes on from there.`,
      { context: { records: already + counts.records, size: head.size } },
    );
  }
  const perSecond = Math.round(counts.records / (tookMs / 1000));
  const speed = counts.records > 0 ? ` in ${(tookMs / 1000).toFixed(1)} s, ${perSecond} records/s` : '';
  output.text(
    `Copied ${counts.records} records (${mebibytes(counts.recordBytes)}) and ${counts.blobs} blobs (${mebibytes(counts.blobBytes)})${speed}.`,
  );
  if (already > 0) output.text(`${already} records were there before.`);
  if (counts.erased > 0)
    output.text(`${counts.erased} blobs were erased in the original, and are in the copy.`);
  output.text(`${from} and ${to} are the same: ${head.size} records, root ${root}.`);
  if (missingBlobs > 0)
    output.note(`${missingBlobs} blobs are missing or damaged in the original, and missing in the copy.`);
  if (grownBy > 0)
    output.note(`${from} got ${grownBy} more records meanwhile. The same command carries them over.`);
}

/** @param there address of the target as it was opened, null where there is no ledger yet */
export function tellPlan(
  from: string,
  there: string | null,
  to: string,
  plan: FullCopyPlan,
  output: Output,
): void {
  const { head, already, blobs } = plan;
  const records = head.size - already;
  output.record({ type: 'copy-check', from, to: there, size: head.size, already, records, blobs });
  const target = there ?? 'a new ledger';
  output.text(
    records + blobs === 0
      ? `Nothing to copy: ${target} holds all ${head.size} records of ${from}.`
      : `It can be copied: ${records} records and ${blobs} blobs of ${from}, to ${target}${already > 0 ? ` with the first ${already} records` : ''}.`,
  );
  if (there === null) output.note(`Nothing was written. There is no ledger at ${hidePassword(to)} yet.`);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
