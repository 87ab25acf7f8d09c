import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { pValueOf } from '../checks/statistic-text.ts';
import { compare, parseRational, zero } from '../policy/math/rational.ts';
import { broken, type RuleBroken } from './broken.ts';
import { decideGate } from './decide-gate.ts';
import { budgetText } from './epoch-account.ts';
import {
  configurationDigest,
  type Examination,
  type Governance,
  sameSlots,
  withChallenger,
  workingContent,
} from './governance.ts';

type Data<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>['data'];

/** Rules about examinations: their opening, their checks, their decision. */
export function refuseAtGate(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  switch (event.type) {
    case 'GateOpened':
      return refuseOpening(state, event.data);
    case 'CheckFinished':
      return refuseCheck(state, event.data);
    case 'GateDecided':
      return refuseDecision(state, event.data);
    default:
      return null;
  }
}

function refuseOpening(state: Governance, opened: Data<'GateOpened'>): RuleBroken | null {
  if (state.judging !== null) return broken('one-examination', 'another challenger is under examination');
  if (state.gate?.digest !== opened.gate) return broken('gate-current', 'another gate is registered');
  const proposal = state.proposals[opened.proposal];
  if (proposal === undefined || proposal.challenger === null) {
    return broken('proposal-once', 'there is no such proposal to be examined');
  }
  if (proposal.examination !== null || proposal.discarded) {
    return broken('proposal-once', 'it was examined or discarded before');
  }
  if (proposal.challenger !== opened.challenger || proposal.slot !== opened.slot) {
    return broken('evaluated-configuration', 'the challenger is not the one that was proposed');
  }
  if (opened.parent !== proposal.parent || opened.parent !== workingContent(state, opened.slot)) {
    return broken(
      'parent-current',
      `the slot ${opened.slot} holds something else than what it was made from`,
    );
  }
  const slots = withChallenger(state.working, opened.slot, opened.challenger);
  const isRight =
    sameSlots(slots, opened.slots) &&
    opened.configuration === configurationDigest(slots) &&
    opened.working === state.digests.working &&
    opened.certified === state.digests.certified;
  if (!isRight) return broken('evaluated-configuration', 'it examines another configuration');
  const chain = opened.slot === 'gate' ? state.gate.gateChain : state.gate.chain;
  if (!chain.some(({ sealed }) => sealed)) return null;
  const { epoch } = state;
  if (epoch === null || epoch.exhausted !== null || epoch.disclosed) {
    return broken('epoch-usable', 'no held-out items are open that could decide about it');
  }
  // With a trigger, a spent budget is the trigger's business: the challenger may still become the working champion.
  if (chain.some(({ kind }) => kind === 'trigger')) return null;
  return compare(epoch.account.level, zero) > 0
    ? null
    : broken('epoch-usable', 'the alpha of these held-out items is spent');
}

function underExamination(state: Governance, id: string, gate: string): Examination | RuleBroken {
  const examination = state.proposals[id]?.examination ?? null;
  if (state.judging !== id || examination === null)
    return broken('check-order', 'it is not under examination');
  return examination.gate === gate ? examination : broken('gate-current', 'another gate examines it');
}

function refuseCheck(state: Governance, check: Data<'CheckFinished'>): RuleBroken | null {
  const examination = underExamination(state, check.proposal, check.gate);
  if ('rule' in examination) return examination;
  if (state.gate === null || decideGate(examination, state.gate.definition) !== null) {
    return broken('check-order', 'the chain has ended');
  }
  const next = examination.chain[examination.checks.length];
  if (next?.name !== check.check || next.kind !== check.kind || next.sealed !== check.sealed) {
    return broken('check-order', `the next check is ${next?.name ?? 'none'}`);
  }
  if (check.kind !== 'heldout') return null;
  if (state.epoch === null || check.level === null) return broken('level-from-ledger', 'it names no level');
  const { account } = state.epoch;
  // A test that nobody carried out decides nothing; only that it could not be carried out may be said without a read.
  const isSaidWithoutRead = check.verdict === 'inconclusive' && check.items === 0;
  if (check.verdict === 'skip' || !(examination.heldOutRead || isSaidWithoutRead)) {
    return broken('held-out-inside-gate', 'no read of held-out items stands before it');
  }
  const isRight =
    compare(parseRational(check.level), account.level) === 0 &&
    compare(account.level, zero) > 0 &&
    check.budgetBefore === budgetText(account);
  return isRight
    ? null
    : broken('level-from-ledger', 'the level or the budget is not that of the alpha ledger');
}

function refuseDecision(state: Governance, decided: Data<'GateDecided'>): RuleBroken | null {
  const examination = underExamination(state, decided.proposal, decided.gate);
  if ('rule' in examination) return examination;
  const proposal = state.proposals[decided.proposal];
  if (decided.challenger !== proposal?.challenger || decided.configuration !== examination.configuration) {
    return broken('promotion-evaluated', 'it decides about something else than what was examined');
  }
  const derived = state.gate === null ? null : decideGate(examination, state.gate.definition);
  if (derived === null) return broken('decision-follows', 'the chain has not ended');
  const same =
    derived.verdict === decided.verdict &&
    derived.keep === decided.keep &&
    derived.symbol === decided.symbol &&
    derived.decidedBy === decided.decidedBy;
  if (!same)
    return broken(
      'decision-follows',
      `the checks come to ${derived.verdict}, decided by ${derived.decidedBy}`,
    );
  const budgets = budgetsOf(state, examination, derived.symbol);
  const isRight =
    decided.epoch === budgets.epoch &&
    decided.budgetBefore === budgets.before &&
    decided.budgetAfter === budgets.after;
  return isRight
    ? null
    : broken('decision-follows', 'the budget is not what the disclosed symbol leaves of it');
}

/** The account before and after a symbol; all null where none is disclosed. */
export function budgetsOf(
  { gate, epoch }: Governance,
  { checks }: Examination,
  symbol: 'promote' | 'discard' | null,
): { readonly epoch: number | null; readonly before: string | null; readonly after: string | null } {
  if (symbol === null || gate === null || epoch === null) return { epoch: null, before: null, after: null };
  const { account } = epoch;
  const after = account.after(symbol, heldOutPValue(checks));
  return { epoch: epoch.number, before: budgetText(account), after: budgetText(after) };
}

/** The p-value of the held-out test as a number, for policies whose levels depend on it; 1 where there is none. */
export function heldOutPValue(checks: Examination['checks']): number {
  return pValueOf(checks.find(({ check }) => check === 'heldout')?.statistic ?? null);
}
