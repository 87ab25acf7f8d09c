import { chainOf } from '../../gates/definition/chain.ts';
import { approvalsMissing, awaitsApproval } from '../../gates/governance/approvals.ts';
import { budgetText } from '../../gates/governance/epoch-account.ts';
import type { Governance } from '../../gates/governance/governance.ts';
import { rationalText, toNumber } from '../../gates/policy/math/rational.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { detectableEffect } from '../loop/improve/examine/held-out-left.ts';
import { gateOf } from '../loop/improve/examine/line-gate.ts';
import type { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { counted } from './branch-text.ts';
import { championsTable, proposalsTable } from './improve-story.ts';

/**
 * How a line of improvement stands: its gate, what is left of its held-out items, its champions and proposals. Of held-out
 * items it tells symbols alone, so that anybody may read it.
 */
export async function gateStory(
  ledger: Ledger,
  line: ImprovementLine,
): Promise<{ readonly text: string; readonly record: JsonObject }> {
  const { digest, definition } = gateOf(line);
  const { state } = line;
  const { policy, alpha, approvals, evaluation } = definition;
  const checks = chainOf(definition, 'strategy').map(({ name }) => name);
  const waiting = Object.values(state.proposals).filter((proposal) => awaitsApproval(state, proposal));
  const people = approvals.required === 0 ? 'nobody has to approve' : `${approvals.required} must approve`;
  const parts = (['optimize', 'dev', 'heldout', 'sealed'] as const).flatMap((part) => {
    const items = evaluation[part];
    return items === null ? [] : [`${items.count} ${part}`];
  });
  const text = [
    `Line "${line.name}" on the suite ${state.opened?.suiteName}: ${parts.join(', ')} items`,
    `Gate ${digest.slice(0, 12)} (${definition.name}), policy ${policy}, alpha ${alpha}; ${people}`,
    `Checks: ${checks.join(' → ')}`,
    heldOutText(state),
    sealedText(state),
    '',
    await championsTable(ledger, state),
    ...(state.proposalCount === 0 ? [] : ['', proposalsTable(state, 0)]),
    ...waiting.map((proposal) => `Waits for people: ${proposal.id} (${approvalsMissing(state, proposal)})`),
  ].join('\n');
  return {
    text,
    record: {
      ...{ type: 'gate', line: line.name, suite: state.opened?.suiteName ?? '', gate: digest, checks },
      definition: definition as unknown as JsonObject,
      ...{ epoch: epochRecord(state), sealed: state.sealed?.verdict ?? null },
      ...{ baseline: state.baseline, working: state.working, certified: state.certified },
      waiting: waiting.map(({ id }) => id),
    },
  };
}

function heldOutText({ epoch, gate }: Governance): string {
  if (epoch === null || gate === null) return 'Held-out items: none are open.';
  const { number, count, symbols, exhausted, earlierReads, account } = epoch;
  const tested = counted(symbols.length, 'test');
  const before = earlierReads === 0 ? '' : `; ${counted(earlierReads, 'run')} had read some of them before`;
  const head = `Held-out items: epoch ${number}, ${count} items, ${tested} so far${before}`;
  if (exhausted !== null) return `${head}; used up (${exhausted.replaceAll('_', ' ')})`;
  const detectable = detectableEffect(gate.definition, account.level, null);
  const finds =
    detectable === null ? 'finds nothing' : `finds gains from ${detectable.toFixed(3)} on with 80 % power`;
  const left = account.budget === null ? '' : `; alpha left ${rationalText(account.budget)}`;
  return `${head}${left}; the next test, at level ${toNumber(account.level).toFixed(5)}, ${finds}`;
}

function sealedText({ sealed, gate }: Governance): string {
  if (gate?.definition.evaluation.sealed == null) return 'Sealed items: none';
  if (sealed === null) return 'Sealed items: never opened';
  return `Sealed items: opened${sealed.verdict === null ? ', the test is under way' : `; ${sealed.verdict.replace('_', ' ')}`}`;
}

function epochRecord({ epoch }: Governance): JsonObject | null {
  if (epoch === null) return null;
  const { number, count, alpha, exhausted, earlierReads, account } = epoch;
  const symbols = epoch.symbols.map(({ symbol }) => symbol);
  const level = rationalText(account.level);
  return { number, count, alpha, symbols, exhausted, earlierReads, budget: budgetText(account), level };
}
