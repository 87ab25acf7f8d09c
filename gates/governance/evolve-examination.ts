import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { comparedWith, type Examination, type Governance, type Proposal } from './governance.ts';
import { newProposal } from './new-proposal.ts';
import { heldOutPValue } from './refuse-at-gate.ts';

/** What events do to the proposal they are about; each was allowed. */
export function evolveExamination(state: Governance, event: AnyRecordedEvent): void {
  switch (event.type) {
    case 'ChangeProposed':
      propose(state, event.data);
      return;
    case 'ProposalFailed': {
      const { kind, error } = event.data;
      of(state, event.data.proposal).failed = { kind, message: error.message };
      return;
    }
    case 'GateOpened': {
      const { proposal: id, gate, configuration, slots, working, certified, slot } = event.data;
      const chain = (slot === 'gate' ? state.gate?.gateChain : state.gate?.chain) ?? [];
      const examination = { gate, configuration, slots, working, certified, chain };
      of(state, id).examination = { ...examination, checks: [], heldOutRead: false };
      state.judging = id;
      state.examinationCount += 1;
      return;
    }
    case 'HeldOutUsed': {
      const { proposal, purpose, reader } = event.data;
      if (proposal === null || purpose !== 'heldout' || reader !== 'gate') return;
      const { examination } = of(state, proposal);
      if (examination !== null) examination.heldOutRead = true;
      return;
    }
    case 'CheckFinished': {
      const { proposal, check, verdict, sealed, statistic } = event.data;
      const { revision } = event;
      of(state, proposal).examination?.checks.push({ check, verdict, sealed, statistic, revision });
      return;
    }
    case 'GateDecided': {
      const { proposal: id, verdict, keep, symbol, sentence, decidedBy } = event.data;
      const proposal = of(state, id);
      proposal.decision = { verdict, keep, symbol, sentence, decidedBy, revision: event.revision };
      state.judging = null;
      if (symbol !== null && state.epoch !== null) {
        const p = heldOutPValue(proposal.examination?.checks ?? []);
        state.epoch.symbols.push({ symbol, p });
        state.epoch.account = state.epoch.account.after(symbol, p);
      }
      // An examination that could not be completed, or that stopped before held-out items, may be asked for again.
      if (proposal.examination !== null && (verdict !== 'inconclusive' || symbol !== null)) {
        noteComparison(state, proposal, proposal.examination);
      }
      return;
    }
    case 'ApprovalGiven':
      addTo(of(state, event.data.proposal), event.data.by);
      return;
    case 'ApprovalRefused':
      of(state, event.data.proposal).refusedBy = event.data.by;
      return;
    case 'GateRegistered':
      if (event.data.proposal !== null) of(state, event.data.proposal).promoted = ['working', 'certified'];
      return;
    case 'ChallengerPromoted': {
      const proposal = of(state, event.data.proposal);
      proposal.promoted = [...proposal.promoted, event.data.track];
      return;
    }
    case 'ChallengerDiscarded':
      of(state, event.data.proposal).discarded = true;
      return;
    default:
      return;
  }
}

function addTo(proposal: Proposal, by: string): void {
  proposal.approvals = [...proposal.approvals, by];
}

function noteComparison(state: Governance, proposal: Proposal, examination: Examination): void {
  const { gate, configuration, certified } = examination;
  const byCertified = state.compared.get(gate) ?? new Map<Digest, Map<Digest, string>>();
  const settled = byCertified.get(certified) ?? new Map<Digest, string>();
  settled.set(comparedWith(proposal.slot, proposal.challenger ?? configuration, configuration), proposal.id);
  state.compared.set(gate, byCertified.set(certified, settled));
}

type ChangeProposed = Extract<AnyRecordedEvent, { type: 'ChangeProposed' }>['data'];

function propose(state: Governance, change: ChangeProposed): void {
  const { proposal: id, slot, targetFailure } = change;
  let proposal = state.proposals[id];
  if (proposal === undefined) {
    proposal = newProposal(id, state.proposalCount, slot, targetFailure);
    state.proposals[id] = proposal;
    state.proposalCount += 1;
  }
  proposal.slot = slot;
  proposal.targetFailure = targetFailure;
  proposal.challenger = change.challenger;
  proposal.parent = change.parent;
  proposal.author = change.author;
  proposal.hypothesis = change.hypothesis;
  proposal.predictedGain = change.predictedGain;
}

function of(state: Governance, id: string): Proposal {
  const proposal = state.proposals[id];
  if (proposal === undefined) throw new Error(`no proposal ${id}`);
  return proposal;
}
