import type { GateDefinition } from '../definition/gate-definition.ts';
import type { HeldOutOutcome } from '../policy/held-out-test.ts';
import { compare, parseRational, rationalText, toNumber, zero } from '../policy/math/rational.ts';
import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { differencesOf } from './differences.ts';
import { comparedText, gainOf, usualConfidence } from './gain.ts';
import { gradedPrefix, methodOf, runHeldOut } from './held-out-plan.ts';
import type { ItemOutcome } from './item-outcome.ts';
import { statisticText } from './statistic-text.ts';
import { notPassFail } from './unusable-outcomes.ts';
import { percent, probability } from './wording.ts';

/** Whether the challenger is better than the certified champion, at the level that the alpha ledger gives. */
export function decideHeldOut(definition: GateDefinition, input: InputOf<'heldout'>): CheckResult {
  const { outcomes } = input;
  const { count } = definition.evaluation.heldout;
  const level = parseRational(input.level);
  const method = methodOf(definition, count, input.variancePrior).kind;
  const told = {
    method,
    level: rationalText(level),
    statistic: null,
    itemsUsed: outcomes.length,
    numbers: {},
  };
  if (compare(level, zero) <= 0) {
    return {
      ...told,
      verdict: 'block',
      sentence: 'The alpha of these held-out items is spent: nothing can pass.',
    };
  }
  const known = gradedPrefix(outcomes);
  const outcome = runHeldOut(definition, input);
  const unusable =
    (outcomes.length > count ? `${outcomes.length} outcomes are given for ${count} items` : null) ??
    (definition.metric === 'pass-fail' ? notPassFail(outcomes) : null);
  if (outcome === null || unusable !== null) {
    const ungraded = outcomes.length - known.length;
    const read = `${outcomes.length} of ${count} items were read, and the test had not ended`;
    const why = unusable ?? (ungraded > 0 ? `item ${known.length + 1} could not be graded` : read);
    return { ...told, verdict: 'inconclusive', sentence: `On held-out items: ${why}.` };
  }
  return decided(definition, known, outcome);
}

function decided(
  definition: GateDefinition,
  known: readonly ItemOutcome[],
  outcome: HeldOutOutcome,
): CheckResult {
  const clustered = definition.cluster !== null;
  const used = clustered ? known : known.slice(0, outcome.itemsUsed);
  const { rejects, method, level, stopped, evidence } = outcome;
  const gain = gainOf(used, differencesOf(used, clustered), usualConfidence);
  const p = 'p' in evidence ? toNumber(parseRational(evidence.p)) : Math.min(1, 1 / evidence.capital);
  const asked = probability(toNumber(parseRational(level)));
  return {
    verdict: rejects ? 'pass' : 'block',
    method,
    level,
    statistic: statisticText(evidence),
    itemsUsed: used.length,
    numbers: { ...gain, p, stopped, units: outcome.itemsUsed, ...('capital' in evidence ? evidence : {}) },
    sentence:
      `On ${used.length} held-out items${stopped === 'futility' ? ' (stopped: success was out of reach)' : ''} it scores ` +
      `${percent(gain.challengerMean)} and the certified champion ${percent(gain.championMean)} ` +
      `(${comparedText(gain)}): p = ${probability(p)}, ` +
      `${rejects ? 'within' : 'above'} the level ${asked}.`,
  };
}
