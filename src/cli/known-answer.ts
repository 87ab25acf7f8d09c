import {
  configurationDigest,
  type Governance,
  type Proposal,
  withChallenger,
  workingContent,
} from '../../gates/governance/governance.ts';
import type { SlotKind } from '../events/slots.ts';
import type { Digest } from '../kernel/brand.ts';

/**
 * What is known of a content before anything is done: it holds the slot from the beginning, it was decided about (in the same
 * configuration, by the same gate, against the same champion), an examination of it has begun, or nothing.
 */
export type KnownAnswer =
  | { readonly kind: 'baseline' | 'nothing' }
  | { readonly kind: 'decided' | 'under-way'; readonly proposal: string };

export function knownAnswer(state: Governance, slot: SlotKind, challenger: Digest): KnownAnswer {
  const same = Object.values(state.proposals)
    .filter((proposal) => proposal.slot === slot && proposal.challenger === challenger)
    .sort((left, right) => right.index - left.index);
  const decided = same.find((proposal) => proposal.decision !== null && stillHolds(state, proposal));
  if (decided !== undefined) {
    // Approvals may have come since: what follows from them is still to be written.
    const isOver =
      decided.discarded || decided.promoted.includes('certified') || decided.decision?.verdict !== 'promote';
    return { kind: isOver || decided.approvals.length === 0 ? 'decided' : 'under-way', proposal: decided.id };
  }
  if (workingContent(state, slot) === challenger) return { kind: 'baseline' };
  const begun = same.find(
    ({ decision, discarded, failed }) => decision === null && !discarded && failed === null,
  );
  return begun === undefined ? { kind: 'nothing' } : { kind: 'under-way', proposal: begun.id };
}

/** Whether asking again would be asking the same: or the challenger took the slot, and holds it. */
function stillHolds(state: Governance, { slot, challenger, examination, promoted }: Proposal): boolean {
  if (challenger === null || examination === null) return false;
  if (promoted.length > 0 && workingContent(state, slot) === challenger) return true;
  return (
    examination.gate === state.gate?.digest &&
    examination.certified === state.digests.certified &&
    examination.configuration === configurationDigest(withChallenger(state.working, slot, challenger))
  );
}
