import type { CheckVerdict } from '../../src/events/examination.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { GateDefinition, Guardrail } from '../definition/gate-definition.ts';
import { harmVeto, proveNonInferior } from '../policy/harm-veto.ts';
import {
  compare,
  multiply,
  parseRational,
  type Rational,
  rationalText,
  zero,
} from '../policy/math/rational.ts';
import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { differencesOf } from './differences.ts';
import { type ItemOutcome, ungradedOf } from './item-outcome.ts';
import { counted, points, probability } from './wording.ts';

interface SliceResult {
  readonly verdict: CheckVerdict;
  readonly items: number;
  readonly numbers: JsonObject;
  readonly sentence: string;
}

/**
 * Whether a protected part of the held-out items got worse, whatever the mean says. The first guardrail that blocks is what the
 * sentence is about; one that has too few items says nothing (`veto`) or blocks (`prove`, because harmlessness is not shown).
 */
export function decideSlices(definition: GateDefinition, input: InputOf<'slices'>): CheckResult {
  const { outcomes } = input;
  const share = parseRational(input.disclosedShare);
  const clustered = definition.cluster !== null;
  const results = definition.guardrails.map((guardrail, place) =>
    decideSlice(
      guardrail,
      outcomes.filter(({ slices }) => slices.includes(place)),
      share,
      clustered,
    ),
  );
  const deciding =
    results.find(({ verdict }) => verdict === 'block') ??
    results.find(({ verdict }) => verdict === 'inconclusive');
  const skipped = results.filter(({ verdict }) => verdict === 'skip').length;
  const passed = results.length - skipped;
  const told = {
    method: 'guardrails',
    level: null,
    statistic: null,
    itemsUsed: outcomes.filter(({ slices }) => slices.length > 0).length,
    numbers: { slices: results.map(({ verdict, numbers }) => ({ verdict, ...numbers })) },
  };
  if (deciding !== undefined) return { ...told, verdict: deciding.verdict, sentence: deciding.sentence };
  const quiet = skipped === 0 ? '' : `; ${counted(skipped, 'slice')} had too few items to say anything`;
  return {
    ...told,
    verdict: passed === 0 ? 'skip' : 'pass',
    sentence:
      passed === 0
        ? 'No protected slice has enough items to say anything.'
        : `${counted(passed, 'protected slice')} held${quiet}.`,
  };
}

function decideSlice(
  guardrail: Guardrail,
  outcomes: readonly ItemOutcome[],
  share: Rational,
  clustered: boolean,
): SliceResult {
  const { tag, value, mode, margin, itemsMin } = guardrail;
  const name = `${tag}=${value}`;
  const items = outcomes.length;
  const told = { slice: name, mode, items, margin };
  const ungraded = ungradedOf(outcomes);
  if (ungraded > 0) {
    const sentence = `In the slice ${name}, ${ungraded} of ${items} items could not be graded.`;
    return { verdict: 'inconclusive', items, numbers: told, sentence };
  }
  if (items < itemsMin) {
    const few = `The slice ${name} has ${counted(items, 'item')}, fewer than ${itemsMin}`;
    return mode === 'veto'
      ? { verdict: 'skip', items, numbers: told, sentence: `${few}: it says nothing.` }
      : { verdict: 'block', items, numbers: told, sentence: `${few}: that it is not worse cannot be shown.` };
  }
  const differences = differencesOf(outcomes, clustered);
  const level =
    mode === 'veto' ? parseRational(guardrail.level) : multiply(parseRational(guardrail.level), share);
  if (compare(level, zero) <= 0) {
    const sentence = `No alpha is left to show that the slice ${name} is not worse.`;
    return { verdict: 'block', items, numbers: told, sentence };
  }
  const { vetoes, mean, p } =
    mode === 'veto' ? harmVeto(differences, margin, level) : proveNonInferior(differences, margin, level);
  const what = mode === 'veto' ? 'p of harm' : 'p that it is worse than the margin';
  return {
    verdict: vetoes ? 'block' : 'pass',
    items,
    numbers: { ...told, level: rationalText(level), mean, p },
    sentence:
      `In the slice ${name} (${items} items) it stands at ${points(mean)} against the certified champion ` +
      `(${what} ${probability(p)}): ${vetoes ? 'it may be harmed' : 'it held'}.`,
  };
}
