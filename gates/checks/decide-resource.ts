import { seededRandom } from '../../src/kernel/random.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { meanRatioBound } from '../policy/ratio-bound.ts';
import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import type { ItemUse } from './item-outcome.ts';
import { percent } from './wording.ts';

const nouns: Readonly<Record<keyof ItemUse, string>> = {
  candidates: 'candidates',
  executions: 'executions',
  tokens: 'tokens',
  steps: 'steps',
  wallMs: 'milliseconds',
};

/**
 * Whether a resource grows by more than the gate allows: upper bootstrap bound of the ratio of means, challenger to working
 * champion, on dev items. Skipped where nothing was measured; 1 where neither side uses any.
 */
export function decideResource(
  definition: GateDefinition,
  { kind, outcomes, seed }: InputOf<'cost' | 'latency'>,
): CheckResult {
  const rule = definition[kind];
  const method = 'bootstrap-ratio';
  const told = { method, level: null, statistic: null, itemsUsed: 0, numbers: {} };
  const pairs =
    rule === null
      ? []
      : outcomes.flatMap(({ challengerUse, championUse }) =>
          challengerUse === null || championUse === null
            ? []
            : [[challengerUse[rule.unit], championUse[rule.unit]] as const],
        );
  if (rule === null || pairs.length === 0) {
    return { ...told, verdict: 'skip', sentence: `No item says what it used: the ${kind} is not compared.` };
  }
  const challenger = pairs.map(([used]) => used);
  const champion = pairs.map(([, used]) => used);
  const resamples = drawResamples(seed, pairs.length, rule.resamples);
  const { ratio, upper } = meanRatioBound(challenger, champion, resamples, rule.confidence);
  const isWithin = upper <= rule.ratioMax;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const numbers = {
    unit: rule.unit,
    challengerMean: mean(challenger),
    championMean: mean(champion),
    // A ratio to nothing has no number.
    ratio: Number.isFinite(ratio) ? ratio : null,
    upper: Number.isFinite(upper) ? upper : null,
    ratioMax: rule.ratioMax,
    confidence: rule.confidence,
  };
  const times = (value: number): string =>
    Number.isFinite(value) ? `${Number(value.toFixed(2))} times` : 'infinitely more than';
  return {
    ...told,
    itemsUsed: pairs.length,
    numbers,
    verdict: isWithin ? 'pass' : 'block',
    sentence:
      `Per item it uses ${times(ratio)} the ${nouns[rule.unit]} of the working champion, with ${percent(rule.confidence)} confidence ` +
      `at most ${times(upper)}; ${isWithin ? 'up to' : 'more than'} ${Number(rule.ratioMax.toFixed(2))} ${isWithin ? 'is' : 'is not'} allowed.`,
  };
}

/** Lists of item indices with replacement, the same for the same seed everywhere. */
function drawResamples(seed: string, items: number, count: number): readonly (readonly number[])[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Array.from({ length: items }, () => random.int(0, items - 1)));
}
