import { approvalsMissing } from '../../../gates/governance/approvals.ts';
import type { Governance, Proposal } from '../../../gates/governance/governance.ts';
import { toldVerdict } from '../../../gates/governance/told-verdict.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { SlotKind } from '../../events/slots.ts';
import type { Digest } from '../../kernel/brand.ts';

/** One line of a report. All held-out steps are one: which of them blocked is more than the symbol says. */
export interface GateReportStep {
  readonly name: string;
  readonly verdict: 'pass' | 'block' | 'skip' | 'inconclusive' | 'not-reached';
  readonly sentence: string;
}

/**
 * What came of a proposal, for people and programs outside. Such reports end up where proposers read: of held-out items there is
 * the symbol in it, and what follows from the symbol (the budget), and nothing else.
 */
export interface GateReport {
  readonly line: string;
  readonly slot: SlotKind;
  readonly challenger: Digest;
  /** Null where nothing had to be proposed. */
  readonly proposal: string | null;
  readonly hypothesis: string | null;
  readonly author: string | null;
  readonly gate: Digest | null;
  readonly steps: readonly GateReportStep[];
  readonly outcome: 'promote' | 'discard' | 'inconclusive';
  readonly sentence: string;
  /** Alpha of the epoch before and after, as fractions; null where nothing was spent. */
  readonly budget: { readonly before: string; readonly after: string } | null;
  /** Real time of the decision, for report formats that want one; milliseconds since 1970. */
  readonly decidedMs: number | null;
}

/**
 * @param events of the line, in order
 * @param id of a proposal that has a challenger
 */
export function gateReport(state: Governance, events: readonly AnyRecordedEvent[], id: string): GateReport {
  const proposal = state.proposals[id];
  if (proposal === undefined || proposal.challenger === null) throw new Error(`no challenger in ${id}`);
  const sentences = new Map<string, string>();
  let [decidedMs, budget]: [number | null, GateReport['budget']] = [null, null];
  for (const { type, data, at } of events) {
    if (type === 'CheckFinished' && data.proposal === id && !data.sealed)
      sentences.set(data.check, data.sentence);
    if (type !== 'GateDecided' || data.proposal !== id) continue;
    decidedMs = at;
    const { budgetBefore: before, budgetAfter: after } = data;
    budget = before === null || after === null ? null : { before, after };
  }
  return {
    line: state.opened?.name ?? '',
    slot: proposal.slot,
    challenger: proposal.challenger,
    proposal: id,
    hypothesis: proposal.hypothesis,
    author: proposal.author,
    gate: proposal.examination?.gate ?? null,
    steps: stepsOf(proposal, sentences),
    ...outcomeOf(state, proposal),
    budget,
    decidedMs,
  };
}

function stepsOf(
  { examination, decision }: Proposal,
  sentences: ReadonlyMap<string, string>,
): GateReportStep[] {
  if (examination === null) return [];
  const steps: GateReportStep[] = examination.chain
    .filter(({ sealed }) => !sealed)
    .map(({ name }) => {
      const finished = examination.checks.find(({ check }) => check === name);
      return finished === undefined
        ? { name, verdict: 'not-reached', sentence: 'The chain did not come to this check.' }
        : { name, verdict: finished.verdict, sentence: sentences.get(name) ?? '' };
    });
  if (!examination.chain.some(({ sealed }) => sealed)) return steps;
  return [...steps, heldOutStep(decision)];
}

function heldOutStep(decision: Proposal['decision']): GateReportStep {
  const name = 'held-out';
  if (decision === null || decision.symbol === null)
    return { name, verdict: 'not-reached', sentence: 'No held-out item was read.' };
  if (decision.symbol === 'promote')
    return { name, verdict: 'pass', sentence: 'The symbol is promote; everything else is sealed.' };
  return { name, verdict: 'block', sentence: 'The symbol is discard; everything else is sealed.' };
}

function outcomeOf(state: Governance, proposal: Proposal): Pick<GateReport, 'outcome' | 'sentence'> {
  const { decision, refusedBy, promoted, discarded } = proposal;
  if (decision === null) {
    const sentence = discarded
      ? 'It was never judged: the slot had changed meanwhile, or no held-out items were left.'
      : 'The examination has not come to its end.';
    return { outcome: 'inconclusive', sentence };
  }
  if (promoted.includes('certified'))
    return {
      outcome: 'promote',
      sentence: 'The gate says promote, and the challenger is the certified champion of its slot.',
    };
  if (decision.verdict === 'promote') {
    if (refusedBy !== null)
      return { outcome: 'discard', sentence: `The gate says promote, but ${refusedBy} refused it.` };
    if (discarded)
      return {
        outcome: 'discard',
        sentence: 'The gate says promote, but the champion it was compared with does not hold any more.',
      };
    const missing = approvalsMissing(state, proposal);
    return missing === null
      ? { outcome: 'inconclusive', sentence: 'The gate says promote; the promotion is not recorded yet.' }
      : { outcome: 'inconclusive', sentence: `The gate says promote, and it waits for people: ${missing}.` };
  }
  const kept = promoted.includes('working')
    ? ' It is kept as the working champion, from which the next proposals start.'
    : '';
  return { outcome: toldVerdict(decision), sentence: `${decision.sentence}${kept}` };
}
