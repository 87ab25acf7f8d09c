import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Promotion, ProposalRow, RuleRow } from './compare-rules.ts';

const page = resolve(import.meta.dirname, '../../../docs/explanation/a-real-improvement.md');

/** One row per seed and rule, in Markdown. */
export function ruleTable(rows: readonly RuleRow[]): string {
  const head = ['seed', 'rule', 'promoted', 'held out', 'other draws', 'not confirmed'];
  return markdown(
    head,
    rows.map(({ seed, rule, promotions, heldOutGain, checkGain }) => [
      ...[seed, rule, promotions.map(promotionText).join(', ') || 'nothing'],
      ...[points(heldOutGain), points(checkGain)],
      `${promotions.filter(isUnconfirmed).length} of ${promotions.length}`,
    ]),
  );
}

/** One row per proposal: what it gained where search may look, and where it may not. */
export function proposalTable(rows: readonly ProposalRow[]): string {
  const head = ['seed', 'proposal', 'change', 'outcome', 'read by the gate', 'dev', 'held out'];
  return markdown(
    head,
    rows.map(({ seed, proposal, change, outcome, readByGate, devGain, heldOutGain }) => [
      ...[seed, String(proposal), change.replace(/^generator: /, ''), outcome, readByGate ? 'yes' : 'no'],
      ...[devGain === null ? '' : points(devGain), points(heldOutGain)],
    ]),
  );
}

/** Into the page, between the marks of these sittings; of the proposals, those that became a champion of either kind. */
export function writeTables(
  name: string,
  rules: readonly RuleRow[],
  proposals: readonly ProposalRow[],
): void {
  const kept = proposals.filter(({ outcome, readByGate }) => readByGate || outcome !== 'discarded');
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its marks "${name}".`);
  const tables = [ruleTable(rules), ...(kept.length === 0 ? [] : [proposalTable(kept)])];
  writeFileSync(page, `${before}${begin}\n${tables.join('\n\n')}\n${end}${after}`);
}

/** Other draws found it no better than what it took the place of. */
function isUnconfirmed({ check }: Promotion): boolean {
  return check.wins <= check.losses;
}

function promotionText({ proposal, heldOut, check }: Promotion): string {
  return `${proposal} (${heldOut.wins}:${heldOut.losses}, then ${check.wins}:${check.losses})`;
}

function points(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .toSpliced(1, 0, `|${'---|'.repeat(head.length)}`)
    .join('\n');
}
