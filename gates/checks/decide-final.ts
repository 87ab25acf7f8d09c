import type { JsonObject } from '../../src/kernel/json.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { parseRational, rationalText, toNumber } from '../policy/math/rational.ts';
import type { FinalInput } from './check-input.ts';
import { differencesOf } from './differences.ts';
import { comparedText, gainOf } from './gain.ts';
import { methodOf, runTest } from './held-out-plan.ts';
import { statisticText } from './statistic-text.ts';
import { unusableOutcomes } from './unusable-outcomes.ts';
import { percent, points, probability } from './wording.ts';

/** What the sealed test came to. */
export interface FinalResult {
  readonly verdict: 'better' | 'not_shown' | 'inconclusive';
  readonly method: string;
  readonly level: string;
  readonly statistic: string | null;
  readonly items: number;
  readonly numbers: JsonObject;
  readonly sentence: string;
}

/**
 * Whether the last certified champion is better than the baseline, on items that nothing was ever decided from: one test at its
 * own level, without looks in between, and an interval for the gain.
 */
export function decideFinal(
  definition: GateDefinition,
  { outcomes, variancePrior }: FinalInput,
): FinalResult {
  const count = definition.evaluation.sealed?.count ?? 0;
  const clustered = definition.cluster !== null;
  const level = parseRational(definition.sealed.alpha);
  const unusable = count === 0 ? 'the gate has none' : unusableOutcomes(definition, outcomes, count);
  const differences = differencesOf(outcomes, clustered);
  const whole = { ...definition, futility: { ...definition.futility, looks: 1 } };
  const method = methodOf(whole, differences.length, variancePrior);
  const told = { method: method.kind, level: rationalText(level), items: outcomes.length };
  const outcome = unusable === null ? runTest(differences, differences.length, level, method) : null;
  if (outcome === null) {
    const sentence = `On the sealed items: ${unusable ?? 'the test had not ended'}.`;
    return { ...told, verdict: 'inconclusive', statistic: null, numbers: {}, sentence };
  }
  // All items were executed, so the interval uses them all, also where the test had its answer before.
  const gain = gainOf(outcomes, differences, 1 - toNumber(level));
  const { evidence, rejects } = outcome;
  const p = 'p' in evidence ? toNumber(parseRational(evidence.p)) : Math.min(1, 1 / evidence.capital);
  const between =
    gain.gainLower === null || gain.gainUpper === null
      ? ''
      : `; between ${points(gain.gainLower)} and ${points(gain.gainUpper)} with ${percent(gain.confidence)} confidence`;
  return {
    ...told,
    verdict: rejects ? 'better' : 'not_shown',
    statistic: statisticText(evidence),
    numbers: { ...gain, p, ...('capital' in evidence ? { capital: evidence.capital } : {}) },
    sentence:
      `On ${outcomes.length} sealed items the champion scores ${percent(gain.challengerMean)} and the baseline ` +
      `${percent(gain.championMean)} (${comparedText(gain)}${between}): p = ${probability(p)}, ` +
      `${rejects ? 'it is better' : 'that it is better is not shown'} at the level ${probability(toNumber(level))}.`,
  };
}
