import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { gateDigest, parseGateDefinition } from '../definition/gate-definition.ts';
import { approvalsMissing } from './approvals.ts';
import { broken, type RuleBroken } from './broken.ts';
import type { Governance } from './governance.ts';

/** Rules about gates and baselines. */
export function refuseRegistration(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  switch (event.type) {
    case 'GateRegistered': {
      const { gate, definition, replaces, proposal: id } = event.data;
      const wrong = wrongDefinition(gate, definition);
      if (wrong !== null) return broken('gate-hash', wrong);
      if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
      if (state.sealed !== null && state.sealed.verdict === null)
        return broken('one-examination', 'the sealed test is under way');
      if (replaces !== (state.gate?.digest ?? null)) {
        return broken('gate-change-governed', 'it does not replace the gate that is registered');
      }
      if (state.gate === null)
        return id === null ? null : broken('gate-change-governed', 'the first gate needs no proposal');
      const proposal = id === null ? undefined : state.proposals[id];
      if (proposal?.slot !== 'gate' || proposal.challenger !== gate) {
        return broken('gate-change-governed', 'no proposal for the gate slot names this definition');
      }
      if (proposal.parent !== replaces) {
        return broken('gate-change-governed', 'it was decided when another gate was registered');
      }
      if (proposal.decision?.verdict !== 'promote' || proposal.promoted.length > 0 || proposal.discarded) {
        return broken(
          'gate-change-governed',
          'its proposal was not decided in favour, or took effect before',
        );
      }
      const missing = approvalsMissing(state, proposal);
      return missing === null ? null : broken('approval-complete', missing);
    }
    case 'ChampionInstalled': {
      const { slot, champion, content } = event.data;
      if (slot === 'gate') return broken('baseline-once', 'a gate is registered, not installed');
      if (champion !== content.digest)
        return broken('promotion-evaluated', 'the champion is not the hash of its content');
      if (state.working[slot] !== undefined) return broken('baseline-once', `the slot ${slot} is not empty`);
      if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
      return state.examinationCount === 0
        ? null
        : broken('baseline-once', 'something was examined without it');
    }
    default:
      return null;
  }
}

function wrongDefinition(gate: string, definition: unknown): string | null {
  try {
    const parsed = parseGateDefinition(definition);
    return gateDigest(parsed) === gate ? null : 'the hash is not that of the definition';
  } catch (error) {
    if (isPawlError(error, 'GATE_INVALID')) return error.message;
    throw error;
  }
}
