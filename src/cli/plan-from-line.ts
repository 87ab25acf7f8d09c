import { z } from 'zod';
import { differencesOf } from '../../gates/checks/differences.ts';
import { evidenceSchema } from '../../gates/checks/evidence.ts';
import { epochAccount, epochAlpha } from '../../gates/governance/epoch-account.ts';
import type { LevelAccount } from '../../gates/policy/level-policy.ts';
import { rationalText } from '../../gates/policy/math/rational.ts';
import { momentsOf } from '../../gates/policy/paired-outcomes.ts';
import type { Digest } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readLine } from '../loop/improve/improvement-line.ts';
import { improvementStream } from '../loop/stream-names.ts';

/** What a line of improvement says about its held-out set, without anything of held-out items but the symbols. */
export interface LinePlan {
  readonly line: string;
  readonly items: number;
  readonly account: LevelAccount;
  readonly effect: number;
  readonly effectMax: number;
  /** Share of dev items on which challengers and champions differed, all screens together (see below); null before the first. */
  readonly discordance: number | null;
  readonly devScreens: number;
  readonly notes: readonly string[];
}

/** @throws PawlError `IMPROVEMENT_NOT_FOUND` for a line without a gate */
export async function planFromLine(ledger: Ledger, line: string): Promise<LinePlan> {
  const stream = improvementStream(line);
  const { state } = await readLine(ledger, stream);
  if (state.gate === null) {
    throw new PawlError(
      'IMPROVEMENT_NOT_FOUND',
      `The line "${line}" has no gate yet, so nothing was set apart.`,
    );
  }
  const { definition } = state.gate;
  const { epoch } = state;
  const isOpen = epoch !== null && epoch.exhausted === null && !epoch.disclosed;
  // Without an open epoch the question is what a new one would find.
  const number = state.epochs + 1;
  const planned = isOpen ? epoch : { alpha: rationalText(epochAlpha(definition, number)), symbols: [] };
  const screens = await devMoments(ledger, stream);
  const notes = isOpen ? [] : [`no held-out items are open: this is the plan of epoch ${number}`];
  if (definition.metric !== 'pass-fail' || definition.cluster !== null) {
    notes.push(
      'these are the numbers of a pass/fail test, with the mean squared difference as discordance; the bet that decides here takes somewhat more items',
    );
  }
  return {
    line,
    items: isOpen ? epoch.count : definition.evaluation.heldout.count,
    account: epochAccount(definition, planned),
    effect: definition.mde,
    effectMax: definition.mdeMax,
    discordance: screens.items === 0 ? null : discordanceOf(screens),
    devScreens: screens.count,
    notes,
  };
}

/**
 * As if 20 more items with 0.15 had been seen, like the look for futility does: a few dev items that agree do not mean that all
 * do.
 */
function discordanceOf({ items, squares }: { readonly items: number; readonly squares: number }): number {
  return (squares + 20 * 0.15) / (items + 20);
}

const anyEvidence = z.looseObject({ kind: z.string() });

/** Sums over the dev screens of a line; evidence of held-out items is not opened. */
async function devMoments(
  ledger: Ledger,
  stream: ReturnType<typeof improvementStream>,
): Promise<{ readonly count: number; readonly items: number; readonly squares: number }> {
  let [count, items, squares] = [0, 0, 0];
  for await (const event of ledger.readStream(stream)) {
    if (event.type !== 'CheckFinished' || event.data.kind !== 'dev' || event.data.sealed) continue;
    const outcomes = await devOutcomes(ledger, event.data.evidence.digest);
    const moments = momentsOf(differencesOf(outcomes, false));
    count += 1;
    items += moments.count;
    squares += moments.count * moments.meanSquare;
  }
  return { count, items, squares };
}

async function devOutcomes(ledger: Ledger, digest: Digest): Promise<Parameters<typeof differencesOf>[0]> {
  const value: unknown = JSON.parse(await ledger.getText(digest));
  if (anyEvidence.parse(value).kind !== 'dev') return [];
  const { input } = evidenceSchema.parse(value);
  if (input.kind !== 'dev') return [];
  return input.outcomes.filter(({ challenger, champion }) => challenger !== null && champion !== null);
}
