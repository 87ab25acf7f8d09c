import type { FirstBad } from './first-bad.ts';
import type { OutsideFindings } from './outside-checker.ts';
import { type ProblemList, problemTable } from './problem.ts';
import type { SealChecker } from './seal-checker.ts';

/** One claim about a ledger: whether it holds, and the sentence that says on what this rests. */
export interface Claim {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly because: string;
}

export interface Claims {
  readonly nothingAltered: Claim;
  readonly nothingMissing: Claim;
}

/** How far a trusted checkpoint reaches. */
interface Anchor {
  readonly size: number;
  readonly source: string;
}

/** States the two claims apart: what fits together by itself is not yet what was written, and a prefix fits together too. */
export function claimsOf(
  problems: ProblemList,
  firstBad: FirstBad | null,
  seals: SealChecker,
  outside: OutsideFindings,
  size: number,
): Claims {
  const altered = problems.speaksAgainst('altered');
  return {
    nothingAltered: altered
      ? { verdict: 'no', because: againstText(problems, 'altered', firstBad) }
      : alteredClaim(seals, outside, size),
    nothingMissing: problems.speaksAgainst('missing')
      ? { verdict: 'no', because: againstText(problems, 'missing', firstBad) }
      : missingClaim(altered, outside),
  };
}

/** The first thing that speaks against a claim, and where the first bad record is. */
function againstText(problems: ProblemList, claim: 'altered' | 'missing', firstBad: FirstBad | null): string {
  const first = problems.found().problems.find(({ code }) => problemTable[code][claim]);
  const place = firstBad === null ? '' : ` The first bad record is ${placeOf(firstBad)}.`;
  return `${first?.message ?? 'More is wrong than can be listed.'}${place}`;
}

export function placeOf(firstBad: FirstBad): string {
  return firstBad.kind === 'record'
    ? `at position ${firstBad.position}`
    : `between the positions ${firstBad.from} and ${firstBad.to - 1}`;
}

function alteredClaim(seals: SealChecker, outside: OutsideFindings, size: number): Claim {
  const anchor = anchorOf(seals, outside);
  if (anchor === null) {
    const because =
      size === 0
        ? 'There is no record yet.'
        : 'Records, tree, indexes and blobs fit together, but whoever can write the file could have made all of them anew: no checkpoint from outside of the ledger was there to compare with.';
    return { verdict: size === 0 ? 'yes' : 'unknown', because };
  }
  const tail = size - anchor.size;
  const checkpoints = seals.positions.filter((position) => position >= anchor.size).length;
  const covered = `The first ${anchor.size} of ${size} records hash to the checkpoint ${anchor.source}`;
  if (tail === 0) return { verdict: 'yes', because: `${covered}.` };
  // Somebody has to write down the last checkpoint, and that record is then behind it.
  if (tail === checkpoints) {
    const only = tail === 1 ? 'the record of it' : `${tail} records of checkpoints`;
    return { verdict: 'yes', because: `${covered}; behind them stands only ${only}.` };
  }
  const because = `${covered}; the ${count(tail, 'record')} behind them fit together, but no trusted checkpoint covers them yet.`;
  return { verdict: 'unknown', because };
}

function missingClaim(altered: boolean, { held, broken }: OutsideFindings): Claim {
  if (broken.length > 0) {
    const because =
      'The records do not lead to a checkpoint from outside; whether one was taken out or altered, hashes do not tell.';
    return { verdict: 'unknown', because };
  }
  const [furthest] = held.toSorted((left, right) => right.size - left.size);
  if (furthest === undefined) {
    const because = altered
      ? 'Something was altered, and no checkpoint from outside says what should be there.'
      : 'Positions and revisions have no gap and every blob is there, but only a checkpoint kept outside of the ledger can say how long it was.';
    return { verdict: 'unknown', because };
  }
  const { size, source } = furthest;
  const all =
    size === 1
      ? `The one record of the checkpoint ${source} is there, and so are its blobs`
      : `All ${size} records of the checkpoint ${source} are there, without a gap, and so are their blobs`;
  const because = `${all}; records cut off behind ${size === 1 ? 'it' : 'them'} would not be missed.`;
  return { verdict: 'yes', because };
}

/** The furthest size that something trusted from outside vouches for. */
function anchorOf(seals: SealChecker, { held, trustedKeys }: OutsideFindings): Anchor | null {
  const signed = seals.points
    .filter(({ verifierKey, holds }) => holds && trustedKeys.has(verifierKey))
    .map(({ size, position }) => ({
      size,
      source: `at position ${position}, signed by a key known from outside`,
    }));
  return [...held, ...signed].reduce<Anchor | null>(
    (furthest, next) => (furthest === null || next.size > furthest.size ? next : furthest),
    null,
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
