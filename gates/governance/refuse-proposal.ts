import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { broken, type RuleBroken } from './broken.ts';
import { configurationDigest, type Governance, sameSlots, workingContent } from './governance.ts';

/** Rules about what is asked for, proposed, and evaluated where proposers may look. */
export function refuseProposal(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  switch (event.type) {
    case 'EvaluationRequested': {
      const { gate, configuration, slots, split, items } = event.data;
      if (state.gate?.digest !== gate)
        return broken('gate-current', 'it names another gate than the registered one');
      const { heldout, sealed } = state.gate.definition.evaluation;
      if (items === heldout.items || items === sealed?.items || state.openedItems.includes(items)) {
        return broken('held-out-inside-gate', `the split ${split} is held out`);
      }
      // Most are for what is under examination, which was hashed when that was opened.
      const { examination } = state.proposals[state.judging ?? ''] ?? { examination: null };
      if (examination?.configuration === configuration && sameSlots(examination.slots, slots)) return null;
      return configurationDigest(slots) === configuration
        ? null
        : broken('evaluated-configuration', 'the configuration is not the hash of its slots');
    }
    case 'ProposalRequested':
      if (state.proposals[event.data.proposal] !== undefined)
        return broken('proposal-once', 'it was asked for before');
      return workingContent(state, event.data.slot) === null
        ? broken('slot-filled', `the slot ${event.data.slot} is empty`)
        : null;
    case 'ChangeProposed': {
      const { proposal: id, slot, challenger, content } = event.data;
      const known = state.proposals[id];
      if (known !== undefined && (known.challenger !== null || known.failed !== null)) {
        return broken('proposal-once', 'the proposal was answered before');
      }
      if (known !== undefined && known.slot !== slot)
        return broken('proposal-once', 'it was asked for another slot');
      if (challenger !== content.digest)
        return broken('proposal-once', 'the challenger is not the hash of its content');
      return workingContent(state, slot) === null ? broken('slot-filled', `the slot ${slot} is empty`) : null;
    }
    case 'ProposalFailed': {
      const known = state.proposals[event.data.proposal];
      return known !== undefined && known.challenger === null && known.failed === null
        ? null
        : broken('proposal-once', 'no such proposal is waited for');
    }
    default:
      return null;
  }
}
