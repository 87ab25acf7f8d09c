import { hasTwoTracks } from '../../../gates/definition/chain.ts';
import { awaitsApproval } from '../../../gates/governance/approvals.ts';
import type { Governance, Proposal } from '../../../gates/governance/governance.ts';
import { failuresOf, type LineMemory } from './line-memory.ts';
import { type Route, route } from './routing.ts';

/** What the loop does next; effects as data, as for a strategy. */
export type ImprovementStep =
  /** Somebody asked for a sitting, or there is none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'examine'; readonly proposal: string }
  | { readonly kind: 'await-approval'; readonly proposal: string }
  /** The proposer was asked and has not answered: asked again with the same view and seed. */
  | { readonly kind: 'ask'; readonly proposal: string }
  /** Run the working configuration on `optimize` and sort its failures. */
  | { readonly kind: 'classify' }
  | ({ readonly kind: 'request'; readonly seed: string } & Route)
  | {
      readonly kind: 'finish';
      readonly reason: 'proposals' | 'nothing_to_propose' | 'held_out_exhausted';
    };

/** Pure: the same history always asks for the same step, so that a loop that was killed goes on with the one it was at. */
export function nextImprovementStep(state: Governance, memory: LineMemory): ImprovementStep {
  const { sitting } = memory;
  if (state.sitting === null || sitting === null || state.gate === null) return { kind: 'none' };
  if (state.judging !== null) return { kind: 'examine', proposal: state.judging };
  const inOrder = Object.values(state.proposals).sort((left, right) => left.index - right.index);
  const open = inOrder.find((proposal) => !isSettled(state, proposal));
  if (open !== undefined) {
    if (open.challenger === null) return { kind: 'ask', proposal: open.id };
    if (awaitsApproval(state, open) && !isHalfPromoted(state, open))
      return { kind: 'await-approval', proposal: open.id };
    // Without held-out items no gate can be opened for it; it waits for the next epoch.
    if (open.examination === null && open.slot !== 'gate' && isUsedUp(state))
      return { kind: 'finish', reason: 'held_out_exhausted' };
    return { kind: 'examine', proposal: open.id };
  }
  if (state.proposalCount - state.sitting.firstProposal >= sitting.proposals)
    return { kind: 'finish', reason: 'proposals' };
  if (isUsedUp(state)) return { kind: 'finish', reason: 'held_out_exhausted' };
  const known = failuresOf(memory, state.gate.digest, state.digests.working);
  if (known === null) return { kind: 'classify' };
  const next = route(state, memory, known.data.classes, sitting.proposers);
  if (next === null) return { kind: 'finish', reason: 'nothing_to_propose' };
  return { kind: 'request', ...next, seed: proposalSeed(sitting.seed, state.proposalCount) };
}

/** Kept as the working champion by the gate, and not yet made it. */
function isHalfPromoted({ gate }: Governance, { decision, promoted, slot }: Proposal): boolean {
  const twoTracks = gate !== null && slot !== 'gate' && hasTwoTracks(gate.definition);
  return twoTracks && decision?.keep === true && !promoted.includes('working');
}

function isUsedUp({ epoch }: Governance): boolean {
  return epoch !== null && (epoch.exhausted !== null || epoch.disclosed);
}

/** The draws of a proposal follow from the seed of its sitting and its place among all proposals. */
export function proposalSeed(seed: string, index: number): string {
  return `${seed}/proposal ${index}`;
}

/** Whether nothing more can come of a proposal by itself. */
export function isSettled(state: Governance, proposal: Proposal): boolean {
  const { failed, discarded, decision, promoted, refusedBy, challenger } = proposal;
  if (failed !== null || discarded) return true;
  if (challenger === null || decision === null || awaitsApproval(state, proposal)) return false;
  if (decision.verdict === 'promote') return refusedBy === null && promoted.includes('certified');
  return decision.keep && promoted.includes('working');
}
