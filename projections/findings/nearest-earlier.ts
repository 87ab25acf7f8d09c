import type { EpisodeTrail, Proposal } from './episode-trail.ts';
import type { Sketches } from './finding.ts';
import { similarity } from './program-sketch.ts';

/** A proposal and the earlier one of its episode that it resembles most. */
export interface Nearest {
  readonly proposal: Proposal;
  readonly earlier: Proposal;
  /** 1 for the same program; see `similarity`. */
  readonly similarity: number;
}

/** How many distinct earlier programs a proposal is held against: the latest ones. */
const comparedMax = 100;

/** For every proposal but the first whose text is there, the nearest before it. */
export function nearestEarlier({ proposals }: EpisodeTrail, sketches: Sketches): readonly Nearest[] {
  const distinct: Proposal[] = [];
  const found: Nearest[] = [];
  for (const proposal of proposals) {
    const nearest = nearestOf(proposal, distinct, sketches);
    if (nearest !== null) found.push(nearest);
    if (!distinct.some(({ candidate }) => candidate === proposal.candidate)) distinct.push(proposal);
  }
  return found;
}

function nearestOf(proposal: Proposal, before: readonly Proposal[], sketches: Sketches): Nearest | null {
  const same = before.find(({ candidate }) => candidate === proposal.candidate);
  if (same !== undefined) return { proposal, earlier: same, similarity: 1 };
  const sketch = sketches.get(proposal.program);
  if (sketch === undefined) return null;
  let nearest: Nearest | null = null;
  for (const earlier of before.slice(-comparedMax)) {
    const other = sketches.get(earlier.program);
    if (other === undefined) continue;
    const alike = similarity(sketch, other);
    if (nearest === null || alike > nearest.similarity) nearest = { proposal, earlier, similarity: alike };
  }
  return nearest;
}
