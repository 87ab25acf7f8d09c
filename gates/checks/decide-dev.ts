import type { GateDefinition } from '../definition/gate-definition.ts';
import { devScreen } from '../policy/dev-screen.ts';
import { parseRational, rationalText, toNumber } from '../policy/math/rational.ts';
import { mcnemarPValue } from '../policy/mcnemar.ts';
import { discordanceOf } from '../policy/paired-outcomes.ts';
import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { differencesOf } from './differences.ts';
import { comparedText, gainOf, usualConfidence } from './gain.ts';
import { unusableOutcomes } from './unusable-outcomes.ts';
import { percent, probability } from './wording.ts';

/** Whether the challenger looks better than the working champion where looking is free. */
export function decideDev(definition: GateDefinition, { outcomes }: InputOf<'dev'>): CheckResult {
  const { entryLevel } = definition.dev;
  const clustered = definition.cluster !== null;
  const metric = definition.metric === 'pass-fail' && !clustered ? 'pass-fail' : 'graded';
  const method = metric === 'pass-fail' ? 'mcnemar-exact' : 'paired-t';
  const told = { method, level: entryLevel, itemsUsed: outcomes.length };
  const unusable = unusableOutcomes(definition, outcomes, definition.evaluation.dev.count);
  if (unusable !== null) {
    return {
      ...told,
      verdict: 'inconclusive',
      statistic: null,
      numbers: {},
      sentence: `On dev: ${unusable}.`,
    };
  }
  const differences = differencesOf(outcomes, clustered);
  const { passes, p } = devScreen(differences, metric, parseRational(entryLevel));
  const gain = gainOf(outcomes, differences, usualConfidence);
  const bound = toNumber(parseRational(entryLevel));
  return {
    ...told,
    verdict: passes ? 'pass' : 'block',
    statistic: metric === 'pass-fail' ? rationalText(mcnemarPValue(discordanceOf(differences))) : null,
    numbers: { ...gain, p },
    sentence:
      `On ${outcomes.length} dev items it scores ${percent(gain.challengerMean)} and the working champion ` +
      `${percent(gain.championMean)} (${comparedText(gain)}): p = ${probability(p)}, ` +
      `${passes ? 'within' : 'above'} the ${probability(bound)} that entry takes.`,
  };
}
