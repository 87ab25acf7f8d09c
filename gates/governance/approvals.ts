import type { Governance, Proposal } from './governance.ts';

/** How many approvals a proposal needs; a change of the gate always needs somebody else's. */
function approvalsRequired({ gate }: Governance, { slot }: Proposal): number {
  const required = gate?.definition.approvals.required ?? 0;
  return slot === 'gate' ? Math.max(1, required) : required;
}

/** Why a proposal may not take effect yet for want of approvals, or null when it may. The proposer never counts. */
export function approvalsMissing(state: Governance, proposal: Proposal): string | null {
  const required = approvalsRequired(state, proposal);
  if (proposal.refusedBy !== null) return `${proposal.refusedBy} refused it`;
  const given = proposal.approvals.length;
  return given >= required ? null : `it has ${given} of ${required} approvals`;
}

/** Whether a decided proposal waits for people. */
export function awaitsApproval(state: Governance, proposal: Proposal): boolean {
  return (
    proposal.decision?.verdict === 'promote' &&
    proposal.refusedBy === null &&
    !proposal.promoted.includes('certified') &&
    approvalsMissing(state, proposal) !== null
  );
}
