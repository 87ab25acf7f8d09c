import { type CheckInput, outcomesOf } from '../../gates/checks/check-input.ts';
import { decideCheck } from '../../gates/checks/decide-check.ts';
import { evidenceOf } from '../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../gates/checks/item-outcome.ts';
import { type GateDefinition, gateDigest } from '../../gates/definition/gate-definition.ts';
import { decideGate } from '../../gates/governance/decide-gate.ts';
import { budgetText } from '../../gates/governance/epoch-account.ts';
import { configurationDigest, withChallenger, workingContent } from '../../gates/governance/governance.ts';
import { budgetsOf } from '../../gates/governance/refuse-at-gate.ts';
import { rationalText } from '../../gates/policy/math/rational.ts';
import type { CheckVerdict } from '../../src/events/examination.ts';
import type { SlotKind } from '../../src/events/slots.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { gateDefinition, itemIds, named } from './gate-definition.ts';
import { GovernedLine } from './governed-line.ts';
import { type Data, proposalId } from './recorded-line.ts';

/** Verdicts of checks that were not carried out: what a step says if it is not named is `pass`. */
export type Verdicts = Readonly<Record<string, CheckVerdict>>;

/**
 * A line of improvement in few words. Every method writes the event that the rules want at this point, with given fields
 * replaced; names stand for digests. An event that breaks a rule is written like any other, and noted among the refused.
 *
 *     const line = new ImprovementHistory().begin();
 *     line.propose('a').examine('a', { dev: 'block' });
 *     line.propose('b').examine('b').promote('b');
 */
export class ImprovementHistory extends GovernedLine {
  /** Opens the line with a gate, a baseline in every slot that is named, and the first held-out items. */
  begin(
    definition: GateDefinition = gateDefinition(),
    slots: readonly SlotKind[] = ['strategy', 'generator'],
  ): this {
    this.open().register(definition);
    for (const slot of slots) this.install(slot, `${slot}-0`);
    return this.openHeldOut();
  }

  request(id: string, slot: SlotKind = 'strategy', over: Partial<Data<'ProposalRequested'>> = {}): this {
    return this.write('ProposalRequested', {
      ...{ proposal: proposalId(id), slot, targetFailure: 'wrong-answer', seed: '7' },
      ...{ proposer: { name: 'tuner', version: 1 }, view: { digest: named('view'), bytes: 2 } },
      ...over,
    });
  }

  /** Somebody proposes content of this name for a slot; the proposal and its content have the same name. */
  propose(id: string, slot: SlotKind = 'strategy', over: Partial<Data<'ChangeProposed'>> = {}): this {
    const challenger = named(id);
    return this.write('ChangeProposed', {
      ...{ proposal: proposalId(id), slot, challenger, content: { digest: challenger, bytes: 2 } },
      ...{ parent: workingContent(this.state, slot) ?? named('nothing'), author: 'tuner' },
      ...{ hypothesis: 'More candidates solve more.', targetFailure: 'wrong-answer', predictedGain: 0.05 },
      ...{ falsifiedBy: 'No gain on dev.', usage: { inputTokens: 0, outputTokens: 0 } },
      ...over,
    });
  }

  proposeGate(id: string, definition: GateDefinition): this {
    const challenger = gateDigest(definition);
    return this.propose(id, 'gate', { challenger, content: { digest: challenger, bytes: 2 } });
  }

  fail(id: string): this {
    const error = { code: 'PROPOSAL_INVALID', message: 'no answer', retryable: false };
    return this.write('ProposalFailed', { proposal: proposalId(id), kind: 'invalid', error });
  }

  evaluate(id: string, over: Partial<Data<'EvaluationRequested'>> = {}): this {
    const { split, items, count } = this.definition.evaluation.dev;
    const { working, digests } = this.state;
    const examination = this.proposal(id).examination;
    return this.write('EvaluationRequested', {
      ...{ purpose: 'dev', split, proposal: proposalId(id), gate: this.gate, items, count },
      ...{
        configuration: examination?.configuration ?? digests.working,
        slots: examination?.slots ?? working,
      },
      ...{ run: `run-${id}` as StreamName, ...over },
    });
  }

  openGate(id: string, over: Partial<Data<'GateOpened'>> = {}): this {
    const { slot, challenger, parent } = this.proposal(id);
    const held = challenger ?? named('nothing');
    const slots = withChallenger(this.state.working, slot, held);
    const { working, certified } = this.state.digests;
    return this.write('GateOpened', {
      ...{ proposal: proposalId(id), gate: this.gate, slot, challenger: held, parent: parent ?? held },
      ...{ configuration: configurationDigest(slots), slots, working, certified },
      ...over,
    });
  }

  /** One side reads held-out items; both unless one is named. */
  readHeldOut(id: string, over: Partial<Data<'HeldOutUsed'>> = {}): this {
    const { split, count } = this.definition.evaluation.heldout;
    const examination = this.proposal(id).examination;
    const sides = over.side === undefined ? (['challenger', 'champion'] as const) : [over.side];
    for (const side of sides) {
      const { certified, digests } = this.state;
      const slots = side === 'challenger' ? (examination?.slots ?? {}) : certified;
      const configuration = side === 'challenger' ? examination?.configuration : digests.certified;
      const to = over.to ?? count;
      const items = digestOf(itemIds('heldout', count).slice(over.from ?? 0, to));
      this.write('HeldOutUsed', {
        ...{ epoch: this.state.epochs, split, purpose: 'heldout', proposal: proposalId(id), gate: this.gate },
        ...{
          side,
          configuration: configuration ?? named('nothing'),
          slots,
          run: `run-${id}-${side}` as StreamName,
        },
        ...{ from: 0, to, items, reader: 'gate', disclosed: 'nothing', reason: '', ...over },
      });
    }
    return this;
  }

  /** The next check of the chain, with this verdict and no evidence behind it. */
  check(id: string, verdict: CheckVerdict, over: Partial<Data<'CheckFinished'>> = {}): this {
    const step = this.step(id);
    const isTest = step.kind === 'heldout';
    const account = this.state.epoch?.account;
    const level = isTest && account !== undefined ? rationalText(account.level) : null;
    return this.write('CheckFinished', {
      ...{ proposal: proposalId(id), gate: this.gate, check: step.name, kind: step.kind, verdict, level },
      ...{ method: null, statistic: isTest ? (verdict === 'pass' ? '1/1024' : '1/2') : null, items: 0 },
      ...{ evidence: { digest: named('evidence'), bytes: 2 }, outcomes: null, sealed: step.sealed },
      ...{ budgetBefore: isTest && account !== undefined ? budgetText(account) : null, budgetAfter: null },
      ...{ sentence: 'It was looked at.', ...over },
    });
  }

  /** The next check, decided from its inputs, with its evidence kept. */
  checkWith(id: string, input: CheckInput, over: Partial<Data<'CheckFinished'>> = {}): this {
    const step = this.step(id);
    const result = decideCheck(step, this.definition, input);
    const value = evidenceOf(step, input, result);
    const digest = digestOf(value);
    this.evidence.set(digest, value);
    const { verdict, method, level, statistic, itemsUsed: items, sentence } = result;
    const outcomes = outcomesDigest(outcomesOf(input));
    const told = { method, level, statistic, items, sentence, outcomes, evidence: { digest, bytes: 2 } };
    return this.check(id, verdict, { ...told, ...over });
  }

  /** Whether the checks so far have come to a decision. */
  hasEnded(id: string): boolean {
    const { examination } = this.proposal(id);
    return examination !== null && decideGate(examination, this.definition) !== null;
  }

  decide(id: string, over: Partial<Data<'GateDecided'>> = {}): this {
    const { challenger, examination } = this.proposal(id);
    const derived = examination === null ? null : decideGate(examination, this.definition);
    const symbol = derived?.symbol ?? null;
    const budgets = examination === null ? null : budgetsOf(this.state, examination, symbol);
    return this.write('GateDecided', {
      ...{ proposal: proposalId(id), gate: this.gate, challenger: challenger ?? named('nothing') },
      ...{
        configuration: examination?.configuration ?? named('nothing'),
        verdict: derived?.verdict ?? 'discard',
      },
      ...{ keep: derived?.keep ?? false, symbol, epoch: budgets?.epoch ?? null },
      ...{ budgetBefore: budgets?.before ?? null, budgetAfter: budgets?.after ?? null },
      ...{ decidedBy: derived?.decidedBy ?? 'static', sentence: 'So it is.', ...over },
    });
  }

  /** A whole examination: steps pass unless said otherwise, and the first that blocks ends it. */
  examine(id: string, verdicts: Verdicts = {}): this {
    return this.openGate(id).finishExamination(id, verdicts);
  }

  /** What of an examination comes after its opening. */
  finishExamination(id: string, verdicts: Verdicts = {}): this {
    const chain = this.proposal(id).examination?.chain ?? [];
    for (const step of chain) {
      if (step.kind === 'heldout') this.readHeldOut(id);
      const verdict = verdicts[step.name] ?? 'pass';
      this.check(id, verdict);
      if (verdict === 'block' || verdict === 'inconclusive') break;
    }
    return this.decide(id);
  }
}
