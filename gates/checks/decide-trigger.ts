import type { GateDefinition } from '../definition/gate-definition.ts';
import { compare, parseRational, rationalText, toNumber, zero } from '../policy/math/rational.ts';
import { predictedPower } from '../policy/predicted-power.ts';
import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { differencesOf } from './differences.ts';
import { gainOf, usualConfidence } from './gain.ts';
import { unusableOutcomes } from './unusable-outcomes.ts';
import { percent, points } from './wording.ts';

/** Whether what was gained over the certified champion so far makes a held-out test worth its alpha. */
export function decideTrigger(definition: GateDefinition, input: InputOf<'trigger'>): CheckResult {
  const { configuration, certified, outcomes, heldOutUnits } = input;
  const { powerMin, shrink } = definition.trigger;
  const level = parseRational(input.level);
  const told = {
    method: 'predicted-power',
    level: rationalText(level),
    statistic: null,
    itemsUsed: outcomes.length,
  };
  if (configuration === certified) {
    // Passing it on would spend alpha on a comparison of something with itself.
    const sentence =
      'It is the certified configuration itself: it is kept for work, and there is nothing to test.';
    return { ...told, verdict: 'block', numbers: {}, sentence };
  }
  if (compare(level, zero) <= 0) {
    const sentence =
      'The alpha of these held-out items is spent; it is kept for work, and new held-out items are needed.';
    return { ...told, verdict: 'block', numbers: {}, sentence };
  }
  const unusable = unusableOutcomes(definition, outcomes, definition.evaluation.dev.count);
  if (unusable !== null) {
    return {
      ...told,
      verdict: 'inconclusive',
      numbers: {},
      sentence: `On dev, against the certified champion: ${unusable}.`,
    };
  }
  const differences = differencesOf(outcomes, definition.cluster !== null);
  const power = predictedPower(differences, heldOutUnits, toNumber(level), shrink);
  const gain = gainOf(outcomes, differences, usualConfidence);
  const isWorth = power >= powerMin;
  return {
    ...told,
    verdict: isWorth ? 'pass' : 'block',
    numbers: { ...gain, power, powerMin, heldOutUnits },
    sentence:
      `On dev it stands at ${points(gain.challengerMean - gain.championMean)} against the certified champion: a held-out test would succeed with a probability of ` +
      `about ${percent(power)}, and ${percent(powerMin)} is asked${isWorth ? '' : '; no held-out item is spent on it'}.`,
  };
}
