import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { SlotContents, SlotKind } from '../../src/events/slots.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { chainOf, hasTwoTracks } from '../definition/chain.ts';
import { type GateDefinition, parseGateDefinition } from '../definition/gate-definition.ts';
import { parseRational } from '../policy/math/rational.ts';
import { openedAccount } from './epoch-account.ts';
import { evolveExamination } from './evolve-examination.ts';
import { configurationDigest, type Governance, type SlotChange } from './governance.ts';
import { keepsEpoch } from './keeps-epoch.ts';
import { newProposal } from './new-proposal.ts';
import { refuse } from './refuse.ts';

/**
 * The fold of a line of improvement. An event that breaks a rule is noted among the refused and changes nothing: a promotion that
 * was forced into the ledger deploys nothing.
 */
export function evolveGovernance(state: Governance, event: AnyRecordedEvent): Governance {
  const broken = refuse(state, event);
  if (broken !== null) {
    state.refused.push({ ...broken, revision: event.revision, type: event.type });
    return state;
  }
  apply(state, event);
  evolveExamination(state, event);
  return state;
}

function apply(state: Governance, event: AnyRecordedEvent): void {
  switch (event.type) {
    case 'ImprovementOpened': {
      const { name, suite, suiteName, suiteSpec } = event.data;
      state.opened = { name, suite, suiteName, suiteSpec };
      return;
    }
    case 'GateRegistered':
      register(state, event.data.gate, parseGateDefinition(event.data.definition), event.revision);
      return;
    case 'ChampionInstalled': {
      const { slot, champion } = event.data;
      const { revision } = event;
      for (const track of ['baseline', 'working', 'certified'] as const)
        setTrack(state, track, { ...state[track], [slot]: champion });
      note(state, slot, { champion, track: 'baseline', proposal: null, revision });
      return;
    }
    case 'ImprovementStarted': {
      const { revision, data } = event;
      state.sitting = {
        revision,
        proposals: data.proposals,
        firstProposal: state.proposalCount,
        paused: false,
      };
      return;
    }
    case 'ImprovementPaused':
      if (state.sitting !== null) state.sitting.paused = true;
      return;
    case 'ImprovementFinished':
      state.sitting = null;
      return;
    case 'HeldOutOpened': {
      const { epoch: number, gate, split, items, count, alpha, earlierReads } = event.data;
      if (state.gate === null) return;
      const account = openedAccount(state.gate.definition, parseRational(alpha));
      const unspent = { symbols: [], account, disclosed: false, exhausted: null };
      state.epoch = { number, gate, split, items: items.digest, count, alpha, earlierReads, ...unspent };
      state.epochs = number;
      state.openedItems.push(items.digest);
      return;
    }
    case 'HeldOutUsed':
      if (event.data.reader === 'person' || event.data.disclosed === 'everything') {
        const sealed = state.gate?.definition.evaluation.sealed?.items;
        if (event.data.purpose === 'final' && sealed !== undefined) state.sealedSeen.push(sealed);
        if (state.epoch !== null && event.data.purpose === 'heldout') state.epoch.disclosed = true;
      } else state.sealedRuns[event.data.run] = event.data.purpose === 'final' ? 0 : event.data.epoch;
      return;
    case 'HeldOutExhausted':
      if (state.epoch !== null) state.epoch.exhausted = event.data.reason;
      return;
    case 'FinalTestOpened': {
      const { items, baseline, champion } = event.data;
      state.openedItems.push(items.digest);
      state.sealed = { items: items.digest, baseline, champion, verdict: null };
      return;
    }
    case 'FinalTestFinished':
      if (state.sealed !== null) state.sealed.verdict = event.data.verdict;
      return;
    case 'ProposalRequested': {
      const { proposal: id, slot, targetFailure } = event.data;
      state.proposals[id] = newProposal(id, state.proposalCount, slot, targetFailure);
      state.proposalCount += 1;
      return;
    }
    case 'ChallengerPromoted': {
      const { track, slots, proposal } = event.data;
      const { revision } = event;
      // With one track there is nothing between what is worked on and what may be deployed.
      const both = track === 'certified' && state.gate !== null && !hasTwoTracks(state.gate.definition);
      for (const [slot, champion] of changedSlots(state[track], slots)) {
        note(state, slot, { champion, track, proposal, revision });
      }
      setTrack(state, track, slots);
      if (both) setTrack(state, 'working', slots);
      return;
    }
    case 'ChampionRolledBack': {
      const { slot, to } = event.data;
      const { revision } = event;
      note(state, slot, { champion: to, track: 'rollback', proposal: null, revision });
      setTrack(state, 'certified', { ...state.certified, [slot]: to });
      setTrack(state, 'working', { ...state.working, [slot]: to });
      return;
    }
    default:
      return;
  }
}

function register(state: Governance, digest: Digest, definition: GateDefinition, revision: number): void {
  const before = state.gate;
  const [chain, gateChain] = [chainOf(definition, 'strategy'), chainOf(definition, 'gate')];
  state.gate = { digest, definition, chain, gateChain, revision };
  state.gates.push(digest);
  note(state, 'gate', {
    champion: digest,
    track: before === null ? 'baseline' : 'certified',
    proposal: null,
    revision,
  });
  const { epoch } = state;
  if (before === null || epoch === null || epoch.exhausted !== null) return;
  if (!keepsEpoch(before.definition, definition)) epoch.exhausted = 'replaced';
}

function changedSlots(before: SlotContents, after: SlotContents): readonly [SlotKind, Digest][] {
  return (Object.entries(after) as [SlotKind, Digest][]).filter(
    ([slot, champion]) => slot !== 'gate' && before[slot] !== champion,
  );
}

function setTrack(state: Governance, track: 'baseline' | 'working' | 'certified', slots: SlotContents): void {
  state[track] = slots;
  state.digests[track] = configurationDigest(slots);
}

function note(state: Governance, slot: SlotKind, change: SlotChange): void {
  const changes = state.history[slot] ?? [];
  changes.push(change);
  state.history[slot] = changes;
}
