import type { FrozenBug } from '../../src/tasks/starter/frozen-bug.ts';

const bugsTotal = 300;

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
 * and of those the one whose kind has been used least. No place of a program is broken twice, except that two single bugs
 * may stand together in a third task.
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
      const lack = (bug: FrozenBug): number => shares[shareOf(bug)] * (total + 1) - count(shareName(bug));
      const best = open.reduce<FrozenBug | null>((best, bug) => {
        if (best === null || lack(bug) > lack(best)) return bug;
        return lack(bug) === lack(best) && count(kindName(bug)) < count(kindName(best)) ? bug : best;
      }, null);
      if (best === null) continue;
      own.push(best);
      for (const name of [shareName(best), kindName(best)]) used.set(name, count(name) + 1);
      total += 1;
    }
  }
  return chosen.flat();
}

function shareOf(bug: FrozenBug): Share {
  return bug.edits.length > 1 ? 'several' : bug.symptom;
}

const shareName = (bug: FrozenBug): string => `share ${shareOf(bug)}`;
const kindName = (bug: FrozenBug): string => `kind ${bug.kind}`;

function resembles(bug: FrozenBug, other: FrozenBug): boolean {
  if (bug === other) return true;
  const isAtSamePlace = bug.edits.some(({ start }) =>
    other.edits.some((edit) => Math.abs(edit.start - start) < 3),
  );
  return isAtSamePlace && bug.edits.length === other.edits.length;
}
