import type { FrozenBug } from '../../src/tasks/starter/frozen-bug.ts';

export const bugsTotal = 300;

/** What the choice aims at. `several` counts bugs of two edits, the others single edits by symptom. */
const shares = {
  'wrong-result': 0.66,
  'hidden-only': 0.12,
  several: 0.1,
  exception: 0.08,
  timeout: 0.04,
} as const;
type Share = keyof typeof shares;

/**
 * Chooses bugs from the pools of all programs, turn by turn: each program in turn gives the bug whose share lacks most,
 * and of those the one whose kind has been used least. A line of a program is not broken twice in the same way.
 */
export function chooseBugs(pools: readonly (readonly FrozenBug[])[]): FrozenBug[] {
  const chosen: FrozenBug[][] = pools.map(() => []);
  const used = new Map<string, number>();
  const count = (name: string): number => used.get(name) ?? 0;
  let total = 0;
  for (let turn = 0; total < bugsTotal && turn < 20; turn += 1) {
    for (const [index, pool] of pools.entries()) {
      if (total === bugsTotal) break;
      const own = chosen[index] as FrozenBug[];
      const open = pool.filter((bug) => !own.some((other) => resembles(bug, other)));
      const lack = (bug: FrozenBug): number => shares[shareOf(bug)] * (total + 1) - count(shareOf(bug));
      const best = open.reduce<FrozenBug | null>((best, bug) => {
        if (best === null || lack(bug) > lack(best)) return bug;
        return lack(bug) === lack(best) && count(bug.kind) < count(best.kind) ? bug : best;
      }, null);
      if (best === null) continue;
      own.push(best);
      for (const name of [shareOf(best), best.kind]) used.set(name, count(name) + 1);
      total += 1;
    }
  }
  return chosen.flat();
}

function shareOf(bug: FrozenBug): Share {
  return bug.edits.length > 1 ? 'several' : bug.symptom;
}

function resembles(bug: FrozenBug, other: FrozenBug): boolean {
  if (bug === other) return true;
  const isNear = bug.edits.some((edit) =>
    other.edits.some(({ start, end }) => edit.start <= end + 2 && start <= edit.end + 2),
  );
  return isNear && bug.edits.length === other.edits.length;
}
