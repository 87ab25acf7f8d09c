import type { GateDefinition } from '../../gates/definition/gate-definition.ts';
import type { Governance, Proposal } from '../../gates/governance/governance.ts';
import { toldVerdict } from '../../gates/governance/told-verdict.ts';
import { toNumber } from '../../gates/policy/math/rational.ts';
import { slotKinds } from '../events/slots.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { outcomeOf } from '../loop/improve/past-outcomes.ts';
import { counted } from './branch-text.ts';
import { table } from './table.ts';

const changeCharactersMax = 100;

/** What a proposal came to, in words that need no statistics. */
const outcomes: Readonly<Record<NonNullable<ReturnType<typeof outcomeOf>>, string>> = {
  promoted: 'promoted',
  kept: 'kept to work on',
  discarded: 'discarded',
  inconclusive: 'inconclusive',
  crashed: 'the proposer crashed',
  over_budget: 'the proposer was over its budget',
  timeout: 'the proposer was too late',
  invalid: 'not usable',
  stale: 'stale',
};

export function outcomeText(proposal: Proposal): string {
  const outcome = outcomeOf(proposal);
  if (outcome !== null) return outcomes[outcome];
  if (proposal.failed !== null) return 'nothing left to propose';
  return proposal.decision?.verdict === 'promote' ? 'waits for approval' : 'under way';
}

/** What was changed and why: what the proposer said, in one line. */
export function changeText({ slot, hypothesis, failed, targetFailure }: Proposal): string {
  if (failed !== null) return `${slot}: ${failed.message.split('\n')[0]}`;
  const said = hypothesis ?? '';
  const line = said.startsWith(`${slot}: `) ? said : `${slot}: ${said}`;
  return `${line} [against ${targetFailure}]`;
}

/** One line for each proposal, when it has come to its end. */
export function proposalLine(state: Governance, proposal: Proposal, devSentence: string | null): string {
  const dev = devSentence === null ? '' : `\n      ${devSentence}`;
  const verdict = proposal.decision?.sentence ?? '';
  const gate = verdict === '' || verdict === devSentence ? '' : `\n      ${verdict}`;
  return `  ${proposal.index + 1}. ${changeText(proposal)}${dev}${gate}\n      → ${outcomeText(proposal)}${budgetNote(state)}`;
}

function budgetNote(state: Governance): string {
  const left = alphaLeft(state);
  if (left === null) return '';
  const next = left.level > 0 ? `next test at ${levelShown(left.level, 4)}` : 'no more tests';
  return `; alpha left ${left.budget.toFixed(4)}, ${next}`;
}

/** What is left of the alpha ledger; null for a policy or a line without one. */
export function alphaLeft({
  gate,
  epoch,
}: Governance): { readonly budget: number; readonly level: number; readonly tests: number } | null {
  if (gate === null || epoch === null) return null;
  const { budget, level } = epoch.account;
  if (budget === null) return null;
  return { budget: toNumber(budget), level: toNumber(level), tests: epoch.symbols.length };
}

/** What stands in the alpha ledger at the end of a sitting. */
export function alphaText({ budget, level, tests }: NonNullable<ReturnType<typeof alphaLeft>>): string {
  const next =
    level > 0
      ? `the next test is at level ${levelShown(level, 5)}`
      : 'nothing more can be tested on these items';
  return `Alpha ledger: ${counted(tests, 'held-out test')} so far, ${budget.toFixed(5)} left; ${next}.`;
}

/** A small level is not shown as none. */
function levelShown(level: number, digits: number): string {
  return level < 10 ** (1 - digits) ? level.toExponential(1) : level.toFixed(digits);
}

/** What a policy promises of promotions, no more than it keeps. */
export function promiseText({ policy, alpha }: Pick<GateDefinition, 'policy' | 'alpha'>): string {
  return policy === 'explore'
    ? `it aims at a false discovery rate of ${alpha}, without a guarantee`
    : `at most ${alpha} chance of any false promotion`;
}

/** The table that a sitting ends with: every proposal since `first`. */
export function proposalsTable({ proposals }: Governance, first: number): string {
  const rows = inOrder(proposals, first).map((proposal) => [
    proposal.index + 1,
    cut(firstSentence(changeText(proposal))),
    proposal.predictedGain === null ? '' : signed(proposal.predictedGain),
    proposal.decision?.symbol ?? 'not read',
    outcomeText(proposal),
  ]);
  return table(['#', 'change', 'predicted', 'held out', 'outcome'], rows);
}

export function proposalRecords({ proposals }: Governance, first: number): readonly JsonObject[] {
  return inOrder(proposals, first).map((proposal) => ({
    type: 'proposal',
    ...{ proposal: proposal.id, number: proposal.index + 1, slot: proposal.slot },
    ...{ challenger: proposal.challenger, author: proposal.author, hypothesis: proposal.hypothesis },
    ...{ targetFailure: proposal.targetFailure, predictedGain: proposal.predictedGain },
    outcome: outcomeOf(proposal) ?? outcomeText(proposal),
    verdict: proposal.decision === null ? null : toldVerdict(proposal.decision),
    symbol: proposal.decision?.symbol ?? null,
    sentence: proposal.decision?.sentence ?? null,
  }));
}

/** What each slot holds, before and after: baseline, working and certified. */
export async function championsTable(ledger: Ledger, state: Governance): Promise<string> {
  const rows: string[][] = [];
  for (const slot of slotKinds) {
    if (slot === 'gate') continue;
    const held = [state.baseline[slot], state.certified[slot], state.working[slot]];
    if (held.every((digest) => digest === undefined)) continue;
    const texts: string[] = [];
    for (const digest of held)
      texts.push(digest === undefined ? '' : contentText(await read(ledger, digest)));
    const [baseline = '', certified = '', working = ''] = texts;
    rows.push([
      slot,
      baseline,
      certified === baseline ? 'the same' : certified,
      working === certified ? 'the same' : working,
    ]);
  }
  return table(['slot', 'baseline', 'certified', 'working'], rows);
}

async function read(ledger: Ledger, digest: Parameters<Ledger['getText']>[0]): Promise<JsonObject> {
  return JSON.parse(await ledger.getText(digest)) as JsonObject;
}

function contentText(content: JsonObject): string {
  const { name, params, spec, template } = content;
  if (typeof spec === 'string') return cut(spec);
  if (typeof template === 'string') return cut(`${[...template].length} characters`);
  const settings = Object.entries((params ?? {}) as JsonObject).map(([key, value]) => `${key}=${value}`);
  return cut([String(name), ...settings].join(' '));
}

function inOrder(proposals: Governance['proposals'], first: number): readonly Proposal[] {
  return Object.values(proposals)
    .filter(({ index }) => index >= first)
    .sort((left, right) => left.index - right.index);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** What was changed; why follows, and stands with the proposal. */
function firstSentence(text: string): string {
  return text.split(/\. (?=[A-Z[])/)[0] ?? text;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= changeCharactersMax ? line : `${line.slice(0, changeCharactersMax - 1)}…`;
}
