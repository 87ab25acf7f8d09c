import { evidenceSchema } from '../../../../gates/checks/evidence.ts';
import { variancePriorOf } from '../../../../gates/checks/held-out-plan.ts';
import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { normalQuantile } from '../../../../gates/policy/math/normal.ts';
import { type Rational, toNumber } from '../../../../gates/policy/math/rational.ts';
import { mcnemarDetectable } from '../../../../gates/policy/mcnemar-planning.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';

/** The power that a smallest detectable effect is meant with. */
const power = 0.8;
/** Share of items that differ, where nothing was compared yet: as the planner's tables assume. */
export const discordanceUnknown = 0.15;

/**
 * The smallest effect that the next held-out test would find with 80 % power, in score units: exact for pass/fail items, a
 * normal approximation for graded ones. Null where it finds none.
 *
 * @param discordance mean of D² on dev, null where nothing was compared; an effect of the size that still counts takes at least
 * as many items that differ
 */
export function detectableEffect(
  { evaluation, mdeMax, metric, cluster }: GateDefinition,
  level: Rational,
  discordance: number | null,
): number | null {
  const { count } = evaluation.heldout;
  if (level.numerator <= 0n) return null;
  const share = Math.max(discordance ?? discordanceUnknown, mdeMax);
  if (metric === 'pass-fail' && cluster === null) return mcnemarDetectable(count, share, level, power);
  const z = normalQuantile(power) - normalQuantile(toNumber(level));
  return z * Math.sqrt((discordance ?? discordanceUnknown) / count);
}

/** Mean of D² of the comparison on dev that was made last; null before any. */
export async function lastDiscordance(
  line: ImprovementLine,
  { ledger }: GateServices,
  definition: GateDefinition,
): Promise<number | null> {
  const checks = Object.values(line.evaluations.checks).flat();
  const last = checks.findLast(({ kind, outcomes }) => kind === 'dev' && outcomes !== null);
  if (last === undefined) return null;
  const { input } = evidenceSchema.parse(JSON.parse(await ledger.getText(last.evidence.digest)));
  return input.kind === 'dev' ? variancePriorOf(definition, input.outcomes) : null;
}
