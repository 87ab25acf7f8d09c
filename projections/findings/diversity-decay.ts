import type { Finding, FindingCase } from './finding.ts';
import { type Nearest, nearestEarlier } from './nearest-earlier.ts';

/** Fewer rounds than this have no halves worth comparing. */
const roundsMin = 4;
/** Raised when the later half has less than this share of the novelty of the earlier one. */
const decayedBelow = 0.8;

/**
 * Whether a search goes on finding programs that are new. The novelty of a proposal is 1 minus its similarity to the nearest
 * earlier one of its episode. Each long enough episode is compared with itself, later half of its rounds against the earlier
 * one, so that the figure is not about which tasks last longer.
 */
export const diversityDecay: Finding = {
  name: 'diversity-decay',
  version: 1,
  level: 'note',
  title: 'later candidates are less new than earlier ones',
  scope: 'run',
  find: (arms, sketches) => {
    const falling: FindingCase[] = [];
    let of = 0;
    let proposals = 0;
    let early = 0;
    let late = 0;
    for (const { stream, trail } of arms.flatMap(({ episodes }) => episodes)) {
      const rounds = nearestEarlier(trail, sketches);
      if (rounds.length < roundsMin) continue;
      const half = Math.floor(rounds.length / 2);
      const before = noveltyOf(rounds.slice(0, half));
      const after = noveltyOf(rounds.slice(-half));
      of += 1;
      proposals += half;
      early += before;
      late += after;
      if (after >= before) continue;
      const ends = [rounds[0], rounds.at(-1)].flatMap((round) => round?.proposal.revision ?? []);
      falling.push({ about: trail.task, evidence: ends.map((revision) => ({ stream, revision })) });
    }
    const decayed = late < decayedBelow * early;
    const mean = (sum: number): number => (proposals === 0 ? 0 : sum / proposals);
    const figures = { noveltyEarly: mean(early), noveltyLate: mean(late), proposalsPerHalf: proposals };
    const message = `mean novelty ${mean(early).toFixed(3)} in the earlier and ${mean(late).toFixed(3)} in the later half of the rounds, over ${of} episodes with ${proposals} proposals in each half; it fell in ${falling.length} of them`;
    return { count: decayed ? falling.length : 0, of, message, figures, cases: decayed ? falling : [] };
  },
};

function noveltyOf(rounds: readonly Nearest[]): number {
  return rounds.reduce((sum, { similarity }) => sum + 1 - similarity, 0);
}
