import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import type { SlotContent } from '../../../src/loop/improve/slot-content.ts';
import type { Measure } from './measure.ts';
import { compared, naiveLoop, naiveRules, type Passes } from './naive-loop.ts';
import type { HeldSitting } from './sit.ts';

/** The draws of the check afterwards, which no rule had anything to do with. */
const checkSeeds = ['check 1', 'check 2'] as const;

/** One promotion of a rule: what it was decided from, and what the check afterwards says of the same pair. */
export interface Promotion {
  /** From 1. */
  readonly proposal: number;
  readonly heldOut: { readonly wins: number; readonly losses: number };
  readonly check: { readonly wins: number; readonly losses: number };
}

/** What a rule made of the proposals of one sitting. Gains are shares of items, against the baseline. */
export interface RuleRow {
  readonly seed: string;
  readonly rule: string;
  readonly promotions: readonly Promotion[];
  /** With the draw that the rule decided from. */
  readonly heldOutGain: number;
  /** With other draws, on the held-out and the sealed items together. */
  readonly checkGain: number;
  readonly checkItems: number;
}

/** A proposal in sample and held out; null where dev was not reached. */
export interface ProposalRow {
  readonly seed: string;
  readonly proposal: number;
  readonly change: string;
  readonly outcome: string;
  readonly readByGate: boolean;
  readonly devGain: number | null;
  readonly heldOutGain: number;
}

/** Evaluates every proposal of a sitting on all held-out items, and follows each rule through them. */
export async function compareRules(
  seed: string,
  sitting: HeldSitting,
  measure: Measure,
): Promise<{ readonly rules: readonly RuleRow[]; readonly proposals: readonly ProposalRow[] }> {
  const generators = [sitting.baseline, ...sitting.proposals.map(({ generator }) => generator)];
  const passes: Passes[] = [];
  for (const generator of generators) passes.push(await measure.passes(generator, measure.heldOut, seed));
  const [baseline = [], ...proposed] = passes;
  confirm(sitting, proposed, measure.heldOut);
  const rules: RuleRow[] = [];
  const row = async (rule: string, promotions: ReturnType<typeof naiveLoop>): Promise<void> => {
    const checked: Promotion[] = [];
    const at = (place: number | null): SlotContent<'generator'> =>
      (place === null ? undefined : sitting.proposals[place]?.generator) ?? sitting.baseline;
    for (const { proposal, replaced, outcome } of promotions) {
      const check = compared(await checkOf(at(proposal), measure), await checkOf(at(replaced), measure));
      checked.push({ proposal: proposal + 1, heldOut: outcome, check });
    }
    const last = promotions.at(-1)?.proposal ?? null;
    const before = await checkOf(sitting.baseline, measure);
    rules.push({
      ...{ seed, rule, promotions: checked, checkItems: before.length },
      heldOutGain: gain((last === null ? undefined : proposed[last]) ?? baseline, baseline),
      checkGain: gain(await checkOf(at(last), measure), before),
    });
  };
  await row('pawl', certifiedIn(sitting, baseline, proposed));
  for (const [name, rule] of Object.entries(naiveRules)) await row(name, naiveLoop(baseline, proposed, rule));
  return { rules, proposals: sitting.proposals.map(proposalRow(seed, sitting, baseline, proposed)) };
}

async function checkOf(generator: SlotContent<'generator'>, measure: Measure): Promise<Passes> {
  const all: boolean[] = [];
  for (const seed of checkSeeds)
    all.push(...(await measure.passes(generator, [...measure.heldOut, ...measure.sealed], seed)));
  return all;
}

function certifiedIn({ proposals }: HeldSitting, baseline: Passes, proposed: readonly Passes[]) {
  let place: number | null = null;
  return proposals.flatMap(({ outcome }, proposal) => {
    if (outcome !== 'promoted') return [];
    const champion = place === null ? baseline : (proposed[place] ?? baseline);
    const promotion = { proposal, replaced: place, outcome: compared(proposed[proposal] ?? [], champion) };
    place = proposal;
    return [promotion];
  });
}

/** What the gate read of the held-out items must be what is measured here, or something else was measured. */
function confirm({ proposals }: HeldSitting, proposed: readonly Passes[], items: readonly string[]): void {
  for (const [index, { heldOut }] of proposals.entries()) {
    for (const { item, challenger } of heldOut ?? []) {
      if ((challenger === 1) === proposed[index]?.[items.indexOf(item)]) continue;
      throw new Error(`Proposal ${index + 1} did otherwise on ${item} when the gate ran it.`);
    }
  }
}

function proposalRow(
  seed: string,
  { proposals }: HeldSitting,
  baseline: Passes,
  proposed: readonly Passes[],
) {
  const devBaseline = shareOf(proposals.find(({ dev }) => dev !== null)?.dev, 'champion');
  return (
    { change, outcome, dev, heldOut }: HeldSitting['proposals'][number],
    index: number,
  ): ProposalRow => ({
    ...{ seed, proposal: index + 1, change, outcome, readByGate: heldOut !== null },
    devGain: dev === null ? null : shareOf(dev, 'challenger') - devBaseline,
    heldOutGain: gain(proposed[index] ?? [], baseline),
  });
}

/** The first dev screen is against the baseline, which is then still the working champion. */
function shareOf(
  outcomes: readonly ItemOutcome[] | null | undefined,
  side: 'challenger' | 'champion',
): number {
  const scores = (outcomes ?? []).map((outcome) => outcome[side] ?? 0);
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function gain(challenger: Passes, champion: Passes): number {
  const { wins, losses } = compared(challenger, champion);
  return champion.length === 0 ? 0 : (wins - losses) / champion.length;
}
