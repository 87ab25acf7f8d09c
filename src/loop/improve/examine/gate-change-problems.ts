import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { keepsEpoch } from '../../../../gates/governance/keeps-epoch.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { itemIds, testedBefore } from '../opened-items.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';

/** Why a line could not go on with another gate, one sentence each. */
export async function gateChangeProblems(
  line: ImprovementLine,
  { ledger }: GateServices,
  after: GateDefinition,
): Promise<readonly string[]> {
  const { definition: before } = gateOf(line);
  const { state } = line;
  const { evaluation } = after;
  const problems: string[] = [];
  if (evaluation.suite !== state.opened?.suite)
    problems.push('It measures on another suite; that takes a line of its own.');
  for (const part of [evaluation.optimize, evaluation.dev, evaluation.heldout, evaluation.sealed]) {
    if (part === null) continue;
    const { kind } = await ledger.store.blobStanding(part.items as Digest);
    if (kind !== 'stored') problems.push(`Which items "${part.split}" holds is not in the ledger.`);
  }
  const goesOn = state.epoch !== null && state.epoch.exhausted === null && keepsEpoch(before, after);
  const opened = await idsOf(ledger, state.openedItems);
  const heldOut = await idsOf(ledger, [evaluation.heldout.items as Digest]);
  // By their ids: a list in another order has another digest.
  if (!goesOn && !heldOut.isDisjointFrom(opened)) {
    problems.push(
      'Its held-out items were opened before, under another policy or alpha, or are used up; it needs items that nobody has tested on.',
    );
  }
  const tester = goesOn ? null : await testedBefore(ledger, evaluation.suite as Digest, heldOut);
  if (tester !== null && tester !== line.stream)
    problems.push(`Some of its held-out items were held out by ${tester}: alpha is spent on them there.`);
  if (evaluation.sealed !== null && state.sealed !== null && evaluation.sealed.items !== state.sealed.items)
    problems.push('The sealed set was opened; it cannot be sealed again.');
  const seen = await idsOf(ledger, [evaluation.optimize.items, evaluation.dev.items] as Digest[]);
  const sealed = evaluation.sealed === null ? [] : [evaluation.sealed.items as Digest];
  const sealedIds = await idsOf(ledger, sealed);
  if (!seen.isDisjointFrom(heldOut) || !seen.isDisjointFrom(sealedIds) || !heldOut.isDisjointFrom(sealedIds))
    problems.push(
      'Its parts have items in common: what proposers see, what is held out and what is sealed are apart.',
    );
  if (state.sealed === null && !sealedIds.isDisjointFrom(opened))
    problems.push('Some of its sealed items were opened before.');
  return problems;
}

async function idsOf(ledger: GateServices['ledger'], lists: readonly Digest[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const list of lists) for (const id of (await itemIds(ledger, list)) ?? []) ids.add(id);
  return ids;
}
