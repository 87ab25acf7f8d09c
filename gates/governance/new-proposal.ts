import type { SlotKind } from '../../src/events/slots.ts';
import type { Proposal } from './governance.ts';

/** A proposal that was asked for, or that somebody brought; nothing is known of it yet. */
export function newProposal(id: string, index: number, slot: SlotKind, targetFailure: string): Proposal {
  return {
    id,
    index,
    slot,
    challenger: null,
    parent: null,
    author: null,
    targetFailure,
    hypothesis: null,
    predictedGain: null,
    failed: null,
    examination: null,
    decision: null,
    approvals: [],
    refusedBy: null,
    promoted: [],
    discarded: false,
  };
}
