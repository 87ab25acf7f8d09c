import { outcomesOf } from '../../../../gates/checks/check-input.ts';
import { decideCheck } from '../../../../gates/checks/decide-check.ts';
import { evidenceOf } from '../../../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../../../gates/checks/item-outcome.ts';
import { type ChainStep, chainOf } from '../../../../gates/definition/chain.ts';
import { type DerivedDecision, decideGate } from '../../../../gates/governance/decide-gate.ts';
import { budgetText } from '../../../../gates/governance/epoch-account.ts';
import {
  configurationDigest,
  type Examination,
  type Proposal,
  withChallenger,
  workingContent,
} from '../../../../gates/governance/governance.ts';
import { budgetsOf } from '../../../../gates/governance/refuse-at-gate.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { invariant, isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { newBlob } from '../../../ledger/ledger.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { CheckInputs } from './check-inputs.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';
import { readOwnCheck } from './own-check-process.ts';
import { proposalOf } from './proposal-of.ts';
import { settleEpoch } from './settle-epoch.ts';
import { discard, type Standing, settleProposal } from './settle-proposal.ts';

/**
 * Leads a proposal through the gate to its end: opening, checks, decision, promotion or discard. Whatever was recorded before
 * is not done again, so that the same call goes on after a crash at any point.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, `PROPOSAL_NOT_FOUND`, `PROPOSAL_INVALID` for one that was not answered;
 * `HELD_OUT_EXHAUSTED` where nothing is left that could decide (the proposal is then discarded); `GATE_CHECK_INVALID`;
 * `INTERRUPTED` after a pause; `WRONG_EXPECTED_REVISION` when another process judges at the same time; what runs throw
 */
export async function examine(
  line: ImprovementLine,
  services: GateServices,
  id: string,
  signals: RunSignals,
): Promise<Standing> {
  gateOf(line);
  try {
    const proposal = proposalOf(line, id);
    if (proposal.decision === null && proposal.discarded) return 'discarded';
    if (proposal.examination === null) {
      await settleEpoch(line, services);
      if (!(await open(line, services, proposal))) return 'discarded';
    }
    if (proposalOf(line, id).decision === null) await decide(line, services, id, signals);
    const standing = await settleProposal(line, services, id);
    await settleEpoch(line, services);
    return standing;
  } catch (error) {
    throw isPawlError(error, 'WRONG_EXPECTED_REVISION') ? overtaken(line, error) : error;
  }
}

/** False when its slot holds something else by now: it was never compared with that, and is not moved over silently. */
async function open(line: ImprovementLine, services: GateServices, proposal: Proposal): Promise<boolean> {
  const { digest: gate, definition } = gateOf(line);
  const { id: proposalId, slot, challenger, parent } = proposal;
  if (challenger === null || parent === null) throw notAnswered(proposal);
  const { state } = line;
  if (parent !== workingContent(state, slot)) {
    const sentence = `The slot ${slot} holds something else than what it was made from. Propose it anew from what holds now.`;
    await discard(line, proposal, sentence);
    return false;
  }
  const chain = chainOf(definition, slot);
  if (chain.some(({ sealed }) => sealed)) await refuseExhausted(line, proposal);
  // Before anything begins: an examination that cannot go on would hold up all others.
  for (const check of definition.checks) await readOwnCheck(check, services.checksDirectory);
  const slots = withChallenger(state.working, slot, challenger);
  const { working, certified } = state.digests;
  const data = { proposal: proposalId, gate, slot, challenger, parent, slots, working, certified };
  const event: PawlEvent = {
    type: 'GateOpened',
    data: { ...data, configuration: configurationDigest(slots) },
  };
  await line.append([event]);
  return true;
}

async function refuseExhausted(line: ImprovementLine, proposal: Proposal): Promise<void> {
  const { epoch } = line.state;
  if (epoch !== null && epoch.exhausted === null) return;
  const sentence =
    'No held-out items are left that could decide about it. Propose a gate with new ones (`pawl gate propose`), then propose it again.';
  await discard(line, proposal, sentence);
  throw new PawlError('HELD_OUT_EXHAUSTED', sentence, {
    context: { line: line.name, reason: epoch?.exhausted ?? null },
  });
}

async function decide(
  line: ImprovementLine,
  services: GateServices,
  id: string,
  signals: RunSignals,
): Promise<void> {
  const { definition } = gateOf(line);
  const { examination } = proposalOf(line, id);
  invariant(examination !== null, 'the examination was opened');
  const inputs = new CheckInputs(line, services, { proposal: proposalOf(line, id), examination }, signals);
  let derived = decideGate(examination, definition);
  while (derived === null) {
    signals.abort.throwIfAborted();
    if (signals.pause.aborted)
      throw new PawlError('INTERRUPTED', 'It was stopped between two checks; the same command goes on.');
    const step = examination.chain[examination.checks.length];
    invariant(step !== undefined, 'the chain has not ended');
    await check(line, services, { id, step, inputs }, signals);
    derived = decideGate(examination, definition);
  }
  await line.append([decided(line, id, examination, derived)], [], signals.abort);
  tellSealed(line, services, id);
}

interface CheckUnderWay {
  readonly id: string;
  readonly step: ChainStep;
  readonly inputs: CheckInputs;
}

async function check(
  line: ImprovementLine,
  services: GateServices,
  { id, step, inputs }: CheckUnderWay,
  signals: RunSignals,
): Promise<void> {
  const { digest: gate, definition } = gateOf(line);
  const input = await inputs.of(step);
  const result = decideCheck(step, definition, input);
  const { blob, ref } = newBlob(canonicalJson(evidenceOf(step, input, result)));
  const { verdict, method, level, statistic, itemsUsed, sentence } = result;
  const account = step.kind === 'heldout' ? line.state.epoch?.account : undefined;
  const event: PawlEvent = {
    type: 'CheckFinished',
    data: {
      ...{ proposal: id, gate, check: step.name, kind: step.kind, verdict, method, level, statistic },
      ...{ items: itemsUsed, evidence: ref, outcomes: outcomesDigest(outcomesOf(input)) },
      budgetBefore: account === undefined ? null : budgetText(account),
      // What is left of it follows from the symbol, and that from the whole chain: the decision says it.
      budgetAfter: null,
      ...{ sealed: step.sealed, sentence },
    },
  };
  await line.append([event], [blob], signals.abort);
  if (!step.sealed) services.onCheck({ proposal: id, check: step.name, verdict, sentence });
}

function decided(
  line: ImprovementLine,
  id: string,
  examination: Examination,
  derived: DerivedDecision,
): PawlEvent {
  const { digest: gate } = gateOf(line);
  const { challenger } = proposalOf(line, id);
  invariant(challenger !== null, 'it was proposed');
  const { epoch, before, after } = budgetsOf(line.state, examination, derived.symbol);
  const { configuration } = examination;
  return {
    type: 'GateDecided',
    data: {
      ...{ proposal: id, gate, challenger, configuration, ...derived },
      ...{ epoch, budgetBefore: before, budgetAfter: after },
      sentence: sentenceOf(derived, after),
    },
  };
}

/** Of held-out items it says no more than the symbol. */
function sentenceOf({ verdict, keep, symbol, decidedBy }: DerivedDecision, budget: string | null): string {
  const left = budget === null ? '' : ` What is left of alpha is ${budget}.`;
  if (symbol === 'promote') return `It is better than the certified champion on held-out items.${left}`;
  if (symbol === 'discard') {
    const kept = keep ? 'It stays the working champion, and is not certified' : 'It is discarded';
    return `That it is better than the certified champion was not shown on held-out items. ${kept}.${left}`;
  }
  if (verdict === 'promote') return 'Every check passed.';
  const told = keep
    ? 'It is kept as the working champion; no held-out item was read'
    : 'No held-out item was read';
  return `The check "${decidedBy}" ${verdict === 'discard' ? 'blocked it' : 'left it open'}. ${told}.`;
}

/** Once the symbol is out; which of the sealed checks settled it stays with the gate. */
function tellSealed(line: ImprovementLine, services: GateServices, id: string): void {
  const { decision } = proposalOf(line, id);
  if (decision === null || decision.symbol === null) return;
  const verdict = decision.symbol === 'promote' ? 'pass' : 'block';
  services.onCheck({ proposal: id, check: 'heldout', verdict, sentence: decision.sentence });
}

function notAnswered({ id, failed }: Proposal): PawlError {
  const why = failed === null ? 'was asked for, and not answered yet' : `failed: ${failed.message}`;
  return new PawlError('PROPOSAL_INVALID', `The proposal ${id} ${why}. There is nothing to examine.`, {
    context: { proposal: id },
  });
}

function overtaken({ name }: ImprovementLine, cause: PawlError): PawlError {
  const message = `Another process works on the line "${name}" at the same time and was faster; what it did counts, and nothing was done twice. Wait until it has ended, then give the command again.`;
  return new PawlError('WRONG_EXPECTED_REVISION', message, { context: { line: name }, cause });
}
