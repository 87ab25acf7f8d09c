import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { approvalsMissing } from './approvals.ts';
import { broken, type RuleBroken } from './broken.ts';
import { type Governance, type Proposal, sameSlots } from './governance.ts';

type Data<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>['data'];

/** Rules about what follows a decision: approvals, promotions, discards, rollbacks. */
export function refusePromotion(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  switch (event.type) {
    case 'ApprovalGiven':
      return refuseApproval(state, event.data);
    case 'ApprovalRefused':
      return refuseApproval(state, event.data);
    case 'ChallengerPromoted':
      return refusePromoting(state, event.data);
    case 'ChallengerDiscarded': {
      const proposal = state.proposals[event.data.proposal];
      if (proposal?.challenger !== event.data.challenger)
        return broken('promotion-evaluated', 'nobody proposed it');
      if (proposal.discarded || proposal.promoted.includes('certified') || proposal.examination === null) {
        return proposal.examination === null && !proposal.discarded
          ? null
          : broken('promotion-decided', 'its end was recorded before');
      }
      const isLost = proposal.decision !== null && proposal.decision.verdict !== 'promote';
      return isLost || proposal.refusedBy !== null || isStale(state, proposal)
        ? null
        : broken('promotion-decided', 'the gate did not decide against it, and nobody refused it');
    }
    case 'ChampionRolledBack': {
      const { slot, from, to } = event.data;
      if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
      if (slot === 'gate')
        return broken('rollback-known', 'an earlier gate comes back by a proposal for the gate slot');
      if (state.certified[slot] !== from || from === to)
        return broken('rollback-known', 'the slot holds something else');
      const held = (state.history[slot] ?? []).some(
        ({ champion, track }) => champion === to && track !== 'working',
      );
      return held ? null : broken('rollback-known', 'the slot never held that');
    }
    default:
      return null;
  }
}

function refuseApproval(
  state: Governance,
  approval: Data<'ApprovalGiven'> | Data<'ApprovalRefused'>,
): RuleBroken | null {
  const proposal = state.proposals[approval.proposal];
  const from: readonly string[] = state.gate?.definition.approvals.from ?? [];
  if (
    proposal?.decision?.verdict !== 'promote' ||
    proposal.promoted.includes('certified') ||
    proposal.discarded
  ) {
    return broken('approval-counts', 'nothing waits for an approval of it');
  }
  if (proposal.challenger !== approval.challenger)
    return broken('approval-counts', 'something else was decided');
  if (proposal.author === approval.by) return broken('approval-counts', `${approval.by} proposed it`);
  if (from.length > 0 && !from.includes(approval.by))
    return broken('approval-counts', `${approval.by} may not approve`);
  if (proposal.approvals.includes(approval.by) || proposal.refusedBy !== null) {
    return broken('approval-counts', `${proposal.refusedBy ?? approval.by} has answered before`);
  }
  return null;
}

function refusePromoting(state: Governance, promoted: Data<'ChallengerPromoted'>): RuleBroken | null {
  if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
  const proposal = state.proposals[promoted.proposal];
  const { track } = promoted;
  if (proposal === undefined || proposal.examination === null || proposal.decision === null) {
    return broken('promotion-decided', 'no gate decided about it');
  }
  const { examination, decision } = proposal;
  // Its configuration is the working one as it is: nothing was ever measured that would make it the certified one.
  if (proposal.slot === 'gate') return broken('promotion-decided', 'a gate is registered, not promoted');
  if (proposal.promoted.includes(track) || proposal.discarded) {
    return broken('promotion-decided', 'its end was recorded before');
  }
  if (track === 'working' ? !decision.keep : decision.verdict !== 'promote') {
    return broken('promotion-decided', `the gate decided ${decision.verdict}`);
  }
  const isSame =
    promoted.challenger === proposal.challenger &&
    promoted.configuration === examination.configuration &&
    sameSlots(promoted.slots, examination.slots);
  if (!isSame) return broken('promotion-evaluated', 'it is not what was evaluated');
  const holds = state.digests[track];
  const against = track === 'working' ? examination.working : examination.certified;
  if (promoted.replaces !== against || holds !== against) {
    return broken('promotion-evaluated', 'the champion it was compared with does not hold any more');
  }
  if (track === 'working') return null;
  const missing = approvalsMissing(state, proposal);
  return missing === null ? null : broken('approval-complete', missing);
}

/** What it was compared with, or made from, does not hold any more. */
function isStale(state: Governance, { slot, parent, examination }: Proposal): boolean {
  if (slot === 'gate') return state.gate?.digest !== parent;
  return state.digests.certified !== examination?.certified;
}
