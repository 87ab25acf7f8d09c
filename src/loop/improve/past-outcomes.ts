import type { Governance, Proposal } from '../../../gates/governance/governance.ts';
import type { BlobRef } from '../../events/shapes.ts';
import type { LineMemory } from './line-memory.ts';
import type { PastProposal } from './proposers/proposer.ts';

/** A past proposal with references where the view has contents. */
export interface PastOutcome extends Omit<PastProposal, 'content' | 'devGain'> {
  readonly proposal: string;
  readonly content: BlobRef | null;
  readonly devEvidence: BlobRef | null;
}

/** Every proposal that has come to an end, oldest first. */
export function pastOutcomes({ proposals }: Governance, memory: LineMemory): readonly PastOutcome[] {
  const inOrder = Object.values(proposals).sort((left, right) => left.index - right.index);
  return inOrder.flatMap((proposal): readonly PastOutcome[] => {
    const outcome = outcomeOf(proposal);
    if (outcome === null) return [];
    const { id, slot, targetFailure, hypothesis, predictedGain, decision } = proposal;
    const symbol = decision?.symbol ?? null;
    return [
      {
        ...{ proposal: id, slot, targetFailure, hypothesis: hypothesis ?? '' },
        ...{ predictedGain: predictedGain ?? 0, outcome, symbol },
        content: memory.changes[id]?.content ?? null,
        devEvidence: memory.devEvidence[id] ?? null,
        // Which of the sealed checks it was would be more than the symbol.
        decidedBy: symbol === null ? (decision?.decidedBy ?? null) : 'heldout',
      },
    ];
  });
}

const failures: Readonly<Record<string, PastProposal['outcome'] | null>> = {
  crash: 'crashed',
  timeout: 'timeout',
  invalid: 'invalid',
  over_budget: 'over_budget',
  /** Nobody proposed anything. */
  nothing_left: null,
};

/** What proposers may know of how it ended; null while it has not, and where there was no proposal. */
export function outcomeOf({
  failed,
  decision,
  discarded,
  promoted,
  refusedBy,
}: Proposal): PastProposal['outcome'] | null {
  if (failed !== null) return failures[failed.kind] ?? null;
  if (decision === null) return discarded ? 'stale' : null;
  if (decision.symbol === 'promote' || (decision.symbol === null && decision.verdict === 'promote')) {
    // Decided, and waiting for people: it has not come to its end.
    if (!discarded) return promoted.includes('certified') ? 'promoted' : null;
    return refusedBy === null ? 'stale' : 'discarded';
  }
  if (decision.keep) return 'kept';
  // An examination that broke off after held-out items were read is a discard to proposers: the symbol says so.
  return decision.symbol === null && decision.verdict === 'inconclusive' ? 'inconclusive' : 'discarded';
}
