import { hasTwoTracks } from '../../../../gates/definition/chain.ts';
import { awaitsApproval } from '../../../../gates/governance/approvals.ts';
import type { Proposal } from '../../../../gates/governance/governance.ts';
import { toldVerdict } from '../../../../gates/governance/told-verdict.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { invariant } from '../../../kernel/pawl-error.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';
import { proposalOf } from './proposal-of.ts';
import { registerGate } from './register-gate.ts';

/** What became of a proposal, as far as it has come. */
export type Standing = 'promoted' | 'kept' | 'discarded' | 'inconclusive' | 'awaits-approval';

/** Writes what follows from a decision, and was not written yet: promotions, or the discard. */
export async function settleProposal(
  line: ImprovementLine,
  services: GateServices,
  id: string,
): Promise<Standing> {
  const proposal = proposalOf(line, id);
  const { decision } = proposal;
  invariant(decision !== null, 'it was decided');
  if (proposal.discarded) return toldVerdict(decision) === 'inconclusive' ? 'inconclusive' : 'discarded';
  if (proposal.slot === 'gate') return settleGate(line, services, proposal);
  const { definition } = gateOf(line);
  if (hasTwoTracks(definition) && decision.keep && !proposal.promoted.includes('working')) {
    if (!(await promote(line, proposal, 'working'))) return 'discarded';
  }
  if (decision.verdict !== 'promote') {
    if (decision.keep && proposal.promoted.includes('working')) return 'kept';
    await discard(line, proposal, decision.sentence);
    return toldVerdict(decision) === 'inconclusive' ? 'inconclusive' : 'discarded';
  }
  if (proposal.promoted.includes('certified')) return 'promoted';
  if (proposal.refusedBy !== null) {
    await discard(line, proposal, `${proposal.refusedBy} refused it.`);
    return 'discarded';
  }
  if (awaitsApproval(line.state, proposal)) return 'awaits-approval';
  return (await promote(line, proposal, 'certified')) ? 'promoted' : 'discarded';
}

async function settleGate(
  line: ImprovementLine,
  services: GateServices,
  proposal: Proposal,
): Promise<Standing> {
  const { decision, refusedBy, promoted } = proposal;
  if (promoted.length > 0) return 'promoted';
  if (decision?.verdict !== 'promote') {
    await discard(line, proposal, decision?.sentence ?? '');
    return decision?.verdict === 'inconclusive' ? 'inconclusive' : 'discarded';
  }
  if (refusedBy !== null) {
    await discard(line, proposal, `${refusedBy} refused it.`);
    return 'discarded';
  }
  if (line.state.gate?.digest !== proposal.parent) {
    await discard(line, proposal, 'Another gate is registered by now than the one that it was to replace.');
    return 'discarded';
  }
  if (awaitsApproval(line.state, proposal)) return 'awaits-approval';
  await registerGate(line, services, proposal);
  return 'promoted';
}

/** False when the champion that it was compared with does not hold any more: then it is discarded, and never moved over. */
async function promote(
  line: ImprovementLine,
  proposal: Proposal,
  track: 'working' | 'certified',
): Promise<boolean> {
  const { examination, decision, id, challenger } = proposal;
  invariant(examination !== null && decision !== null && challenger !== null, 'it was decided');
  const replaces: Digest = examination[track];
  if (line.state.digests[track] !== replaces) {
    await discard(line, proposal, `The ${track} champion that it was compared with does not hold any more.`);
    return false;
  }
  const { configuration, slots } = examination;
  const sentence =
    track === 'working'
      ? `It is what proposals start from now. ${decision.sentence}`
      : `It may be deployed. ${decision.sentence}`;
  const data = { proposal: id, track, challenger, configuration, replaces, slots, sentence };
  await line.append([{ type: 'ChallengerPromoted', data }]);
  return true;
}

/** Records that nothing comes of it. */
export async function discard(line: ImprovementLine, proposal: Proposal, sentence: string): Promise<void> {
  invariant(proposal.challenger !== null, 'something was proposed');
  const data = { proposal: proposal.id, challenger: proposal.challenger, sentence };
  const event: PawlEvent = { type: 'ChallengerDiscarded', data };
  await line.append([event]);
}
