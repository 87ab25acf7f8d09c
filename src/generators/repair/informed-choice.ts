import type { ExecutionResult } from '../../events/execution-result.ts';
import type { MutationHints } from '../../mutation/workbench.ts';
import type { Proposal } from './blind-order.ts';
import { evidenceOf } from './evidence.ts';
import { normalizedText } from './normalized-text.ts';
import { descending, scoresOf } from './ranking.ts';
import { repairBaseOf } from './repair-base.ts';
import type { RepairParameters } from './repair-parameters.ts';

/** An earlier candidate and what is known of how it ran. */
export interface Attempt {
  readonly program: string;
  readonly execution: ExecutionResult | null;
}

/** What every choice of an episode is made with. */
interface Setting {
  readonly given: string;
  readonly hints: MutationHints;
  readonly seed: string;
  readonly parameters: RepairParameters;
}

/**
 * The next program to try, given how earlier ones ran: an edit of the given program, or of a candidate that passes more
 * public tests than it, by operator plausibility, suspiciousness of the place and the values seen. Null when every edit of
 * every base was tried.
 *
 * @param pending proposals that were made from fewer attempts or were not kept: as many of the best ones are passed over
 */
export function informedChoice(
  setting: Setting,
  attempts: readonly Attempt[],
  pending: number,
): Proposal | null {
  const tried = new Set([
    normalizedText(setting.given),
    ...attempts.map(({ program }) => normalizedText(program)),
  ]);
  let proposal = next(setting, attempts, tried);
  for (let skipped = 0; skipped < pending && proposal !== null; skipped += 1) {
    tried.add(normalizedText(proposal.program));
    proposal = next(setting, attempts, tried);
  }
  return proposal;
}

function next(setting: Setting, attempts: readonly Attempt[], tried: ReadonlySet<string>): Proposal | null {
  const bases = basesOf(setting, attempts);
  const proposal = bestOf(bases, tried, setting);
  if (proposal !== null) return proposal;
  // Everything near was tried: two edits away, by way of the candidates in their order.
  for (const { program, execution } of attempts) {
    const further = bestOf([{ program, execution, bonus: 0 }], tried, setting);
    if (further !== null) return further;
  }
  return null;
}

interface Base extends Attempt {
  readonly bonus: number;
}

function basesOf({ given, parameters }: Setting, attempts: readonly Attempt[]): readonly Base[] {
  const { basesMax, gainBonus, secondOrderPenalty } = parameters;
  const own = attempts.find(({ program }) => program === given)?.execution ?? null;
  const passedBefore = own === null ? 0 : passedOf(own);
  const better = attempts
    .filter(
      ({ program, execution }) =>
        program !== given && execution !== null && passedOf(execution) > passedBefore,
    )
    .map(({ program, execution }) => {
      const gain =
        execution === null ? 0 : (passedOf(execution) - passedBefore) / Math.max(1, execution.tests.length);
      return { program, execution, bonus: gainBonus * gain - secondOrderPenalty };
    })
    .sort((left, right) => right.bonus - left.bonus);
  return [{ program: given, execution: own, bonus: 0 }, ...better.slice(0, basesMax)];
}

function passedOf(execution: ExecutionResult): number {
  return execution.tests.filter(({ status }) => status === 'passed').length;
}

function bestOf(
  bases: readonly Base[],
  tried: ReadonlySet<string>,
  { hints, seed, parameters }: Setting,
): Proposal | null {
  const { informedSpread: spread, priorWeight } = parameters;
  let best: (Proposal & { readonly score: number }) | null = null;
  for (const { program, execution, bonus } of bases) {
    const base = repairBaseOf(program, hints);
    const evidence = execution === null ? null : evidenceOf(base, execution, parameters);
    const additions = base.mutations.map((_, at) => bonus + (evidence?.[at] ?? 0));
    const scores = scoresOf(base, seed, { spread, priorWeight, additions });
    for (const index of descending(scores)) {
      const score = scores[index] ?? Number.NEGATIVE_INFINITY;
      if (best !== null && score <= best.score) break;
      const mutation = base.mutations[index];
      const result = base.results[index];
      if (mutation === undefined || result === undefined || tried.has(result)) continue;
      const mutated = base.programAt(index);
      if (mutated === null) continue;
      best = { program: mutated, base: program, note: mutation.description, score };
      break;
    }
  }
  return best;
}
