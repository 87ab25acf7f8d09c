import type { LevelAccount } from '../policy/level-policy.ts';
import { rationalText } from '../policy/math/rational.ts';
import { mcnemarDetectable, mcnemarItems } from '../policy/mcnemar-planning.ts';
import type { PlanQuestion } from './plan-question.ts';

/** A point that the account of alpha may come to, and what a held-out set is good for there. */
export interface PlanStage {
  readonly after: { readonly promotions: number; readonly discards: number };
  /** Level of the next test then, as a fraction; `0` where nothing may be tested any more. */
  readonly level: string;
  /** Items for the hoped-for effect, for each discordance; null for more than are planned for, or no test at all. */
  readonly itemsNeeded: readonly (number | null)[];
  /** Smallest effect that the items find, for each discordance; null where none is. */
  readonly detectable: readonly (number | null)[];
}

const paths = [
  { promotions: 0, discards: 0 },
  { promotions: 1, discards: 0 },
  { promotions: 2, discards: 0 },
  { promotions: 0, discards: 5 },
  { promotions: 0, discards: 10 },
] as const;

/** The next test, the tests after one and two promotions, and those after five and ten discards. */
export function planStages(question: PlanQuestion): readonly [PlanStage, ...PlanStage[]] {
  const [first, ...rest] = paths;
  return [stageAt(question, first), ...rest.map((path) => stageAt(question, path))];
}

function stageAt(question: PlanQuestion, after: PlanStage['after']): PlanStage {
  const { items, account, effect, discordances, power } = question;
  const { level } = follow(account, after);
  return {
    after,
    level: rationalText(level),
    itemsNeeded: discordances.map((discordance) =>
      mcnemarItems({ delta: effect, discordance: Math.max(discordance, effect) }, level, power),
    ),
    detectable: discordances.map((discordance) => mcnemarDetectable(items, discordance, level, power)),
  };
}

/** With p-values of 1 for discards and 0 for promotions, which matter to a policy without a budget only. */
function follow(account: LevelAccount, { promotions, discards }: PlanStage['after']): LevelAccount {
  let at = account;
  for (let test = 0; test < promotions; test += 1) at = at.after('promote', 0);
  for (let test = 0; test < discards; test += 1) at = at.after('discard', 1);
  return at;
}
