import type { Fingerprint } from '../events/run.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { readRunState } from '../loop/run-state.ts';

/** What executed the latest run of a line of improvement; none where nothing was run for it yet. */
export async function lineInterpreters(
  ledger: Ledger,
  { evaluations }: ImprovementLine,
): Promise<readonly Fingerprint[]> {
  for (const { run } of evaluations.runs.toReversed()) {
    if ((await ledger.lastRevision(run)) >= 0) return (await readRunState(ledger, run)).started.sandbox;
  }
  return [];
}
