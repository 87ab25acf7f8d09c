import type { ItemOutcome } from './item-outcome.ts';

/**
 * Challenger minus champion, in [-1, 1] each. Without families, per item. With them, per family in the order of their first
 * items: the sum over the family divided by the size of the largest, because items of one family are not independent and a
 * family counts as one. Outcomes that could not be graded must be left out before.
 */
export function differencesOf(outcomes: readonly ItemOutcome[], clustered: boolean): readonly number[] {
  if (!clustered) return outcomes.map(differenceOf);
  const families = new Map<string, { sum: number; size: number }>();
  for (const [index, outcome] of outcomes.entries()) {
    const name = familyOf(outcome, index);
    const family = families.get(name) ?? { sum: 0, size: 0 };
    families.set(name, { sum: family.sum + differenceOf(outcome), size: family.size + 1 });
  }
  const largest = Math.max(1, ...[...families.values()].map(({ size }) => size));
  return [...families.values()].map(({ sum }) => sum / largest);
}

/** How many units a test counts: families, or items. */
export function unitsOf(clusters: readonly (string | null)[], clustered: boolean): number {
  if (!clustered) return clusters.length;
  const named = new Set(clusters.filter((cluster) => cluster !== null));
  return named.size + clusters.filter((cluster) => cluster === null).length;
}

function familyOf({ cluster }: ItemOutcome, index: number): string {
  return cluster === null ? `item ${index}` : `family ${cluster}`;
}

function differenceOf({ challenger, champion }: ItemOutcome): number {
  return (challenger ?? 0) - (champion ?? 0);
}
