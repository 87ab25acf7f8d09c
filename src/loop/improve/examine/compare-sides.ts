import type { ItemOutcome } from '../../../../gates/checks/item-outcome.ts';
import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { Suite } from '../../../tasks/suite.ts';
import type { SideOutcome } from './read-outcomes.ts';

/** Both sides of every item, with the family and the protected slices that it belongs to, as checks decide from it. */
export function compareSides(
  challenger: readonly SideOutcome[],
  champion: readonly SideOutcome[],
  { cluster, guardrails }: GateDefinition,
  suite: Suite,
): readonly ItemOutcome[] {
  const tagsOf = new Map(suite.tasks.map(({ view }) => [view.id, view.tags]));
  return challenger.map(({ item, score, use }, index) => {
    const tags = tagsOf.get(item) ?? {};
    const slices = guardrails.flatMap(({ tag, value }, place) => (tags[tag] === value ? [place] : []));
    return {
      item,
      cluster: cluster === null ? null : (tags[cluster] ?? null),
      slices,
      challenger: score,
      champion: champion[index]?.score ?? null,
      challengerUse: use,
      championUse: champion[index]?.use ?? null,
    };
  });
}
