import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { broken, type RuleBroken } from './broken.ts';
import type { Governance } from './governance.ts';
import { refuseAtGate } from './refuse-at-gate.ts';
import { refuseHeldOut } from './refuse-held-out.ts';
import { refusePromotion } from './refuse-promotion.ts';
import { refuseProposal } from './refuse-proposal.ts';
import { refuseRegistration } from './refuse-registration.ts';

/** Which rule an event would break at this point of the history, or null when it may be written. */
export function refuse(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  if (event.type === 'ImprovementOpened') {
    return state.opened === null
      ? null
      : broken('opened-first', 'this line of improvement was opened before');
  }
  if (state.opened === null) return broken('opened-first', 'the line of improvement was not opened');
  return (
    refuseRegistration(state, event) ??
    refuseHeldOut(state, event) ??
    refuseProposal(state, event) ??
    refuseAtGate(state, event) ??
    refusePromotion(state, event)
  );
}
