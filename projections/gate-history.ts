import type { SlotKind } from '../src/events/slots.ts';
import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

/** One proposal from its making to its end, without anything of held-out items but the symbol. */
export interface GateHistoryRow {
  proposal: string;
  slot: SlotKind;
  challenger: Digest;
  parent: Digest;
  author: string;
  hypothesis: string;
  targetFailure: string;
  predictedGain: number;
  gate: Digest | null;
  /** Checks that were finished, in order. */
  checks: { check: string; verdict: string; sentence: string }[];
  verdict: 'promote' | 'discard' | 'inconclusive' | null;
  symbol: 'promote' | 'discard' | null;
  sentence: string | null;
  approvals: string[];
  /** Tracks it was promoted on. */
  promoted: ('working' | 'certified')[];
  discarded: boolean;
}

export interface GateHistoryState {
  lines: Record<
    StreamName,
    { gates: Digest[]; failed: number; rows: GateHistoryRow[]; places: Record<string, number> }
  >;
}

const sealedSentence = 'sealed: proposers learn the symbol alone';

/** Every proposal and what came of it, line by line, in order. */
export const gateHistoryProjection: Projection<GateHistoryState> = {
  name: 'gate history',
  version: 1,
  initialState: () => ({ lines: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'ImprovementOpened':
        state.lines[event.stream] ??= { gates: [], failed: 0, rows: [], places: {} };
        return state;
      case 'GateRegistered':
        state.lines[event.stream]?.gates.push(event.data.gate);
        return state;
      case 'ProposalFailed': {
        const line = state.lines[event.stream];
        if (line !== undefined) line.failed += 1;
        return state;
      }
      case 'ChangeProposed': {
        const line = state.lines[event.stream];
        const { proposal, slot, challenger, parent, author, hypothesis, targetFailure, predictedGain } =
          event.data;
        if (line === undefined || line.places[proposal] !== undefined) return state;
        line.places[proposal] = line.rows.length;
        line.rows.push({
          ...{ proposal, slot, challenger, parent, author, hypothesis, targetFailure, predictedGain },
          ...{ gate: null, checks: [], verdict: null, symbol: null, sentence: null },
          ...{ approvals: [], promoted: [], discarded: false },
        });
        return state;
      }
      case 'GateOpened':
      case 'CheckFinished':
      case 'GateDecided':
      case 'ApprovalGiven':
      case 'ChallengerPromoted':
      case 'ChallengerDiscarded': {
        const line = state.lines[event.stream];
        const row = line?.rows[line.places[event.data.proposal] ?? -1];
        if (row !== undefined) advance(row, event);
        return state;
      }
      default:
        return state;
    }
  },
};

type About = Extract<
  Parameters<typeof gateHistoryProjection.evolve>[1],
  {
    type:
      | 'GateOpened'
      | 'CheckFinished'
      | 'GateDecided'
      | 'ApprovalGiven'
      | 'ChallengerPromoted'
      | 'ChallengerDiscarded';
  }
>;

function advance(row: GateHistoryRow, event: About): void {
  switch (event.type) {
    case 'GateOpened':
      row.gate = event.data.gate;
      return;
    case 'CheckFinished': {
      const { check, verdict, sentence, sealed } = event.data;
      if (!sealed) row.checks.push({ check, verdict, sentence });
      // One row for all of them: how many there were would tell which of them blocked.
      else if (!row.checks.some((known) => known.verdict === 'sealed')) {
        row.checks.push({ check: 'held-out', verdict: 'sealed', sentence: sealedSentence });
      }
      return;
    }
    case 'GateDecided':
      // Broken off after held-out items were read, it is a discard to everybody who may read this.
      row.verdict = event.data.symbol === 'discard' ? 'discard' : event.data.verdict;
      row.symbol = event.data.symbol;
      row.sentence = event.data.sentence;
      return;
    case 'ApprovalGiven':
      row.approvals.push(event.data.by);
      return;
    case 'ChallengerPromoted':
      row.promoted.push(event.data.track);
      return;
    case 'ChallengerDiscarded':
      row.discarded = true;
      return;
  }
}
