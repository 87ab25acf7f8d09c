import type { SlotKind } from '../../src/events/slots.ts';
import type { Proposal } from './governance.ts';

/** Most proposals stay without; they share one. */
const none: readonly never[] = [];

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
    approvals: none,
    refusedBy: null,
    promoted: none,
    discarded: false,
  };
}
