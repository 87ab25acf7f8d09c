import type { Governance } from '../../../gates/governance/governance.ts';
import { outcomeOf } from './past-outcomes.ts';

/** What came of a sitting's proposals, as `ImprovementFinished` says it. */
export interface SittingTotals {
  readonly proposals: number;
  readonly promoted: number;
  /** Became the working champion, without being certified. */
  readonly kept: number;
  readonly discarded: number;
  readonly failed: number;
}

/** Counts the proposals since the sitting began; pure. */
export function sittingTotals({ proposals, sitting }: Governance): SittingTotals {
  const first = sitting?.firstProposal ?? 0;
  const of = Object.values(proposals).filter(({ index }) => index >= first);
  const failed = of.filter((proposal) => proposal.failed !== null).length;
  const outcomes = of.map(outcomeOf);
  const promoted = outcomes.filter((outcome) => outcome === 'promoted').length;
  const kept = outcomes.filter((outcome) => outcome === 'kept').length;
  const ended = of.filter((proposal) => outcomeOf(proposal) !== null && proposal.failed === null).length;
  return { proposals: of.length, promoted, kept, discarded: ended - promoted - kept, failed };
}
