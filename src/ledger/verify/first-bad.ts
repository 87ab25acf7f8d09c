import type { OutsideFindings } from './outside-checker.ts';
import type { Problem } from './problem.ts';
import type { SealedPoint } from './seal-checker.ts';

/** Where the first bad record is: at one position, or somewhere in [from, to), as narrow as the checkpoints say. */
export type FirstBad =
  | { readonly kind: 'record'; readonly position: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

/** A size at which the records do, or do not, hash to what was signed or remembered of them. */
interface Mark {
  readonly size: number;
  readonly holds: boolean;
}

/**
 * A record that is wrong by itself is named exactly. Records that were rewritten so that each of them is right by itself show
 * only at the next checkpoint: then it is one of those between the last checkpoint that holds and the first that does not.
 *
 * @param treeHolds whether the records hash to the head that is stored with them
 */
export function firstBadOf(
  problems: readonly Problem[],
  points: readonly SealedPoint[],
  { held, broken, trustedKeys }: OutsideFindings,
  size: number,
  treeHolds: boolean,
): FirstBad | null {
  const position = firstPosition(problems.filter(({ digest }) => digest === null));
  // Where anything is known from outside, only keys that were trusted from outside count: anybody can sign a rewritten ledger.
  const fromOutside = held.length + broken.length > 0 || trustedKeys.size > 0;
  const marks: Mark[] = [
    ...held.map((mark) => ({ size: mark.size, holds: true })),
    ...broken.map((mark) => ({ size: mark.size, holds: false })),
    ...points.filter(({ verifierKey, holds }) => !(holds && fromOutside) || trustedKeys.has(verifierKey)),
    ...(treeHolds ? [] : [{ size, holds: false }]),
  ];
  const bad = Math.min(...marks.filter(({ holds }) => !holds).map((mark) => mark.size));
  const good = Math.max(0, ...marks.filter((mark) => mark.holds && mark.size < bad).map((mark) => mark.size));
  if (position < bad) return { kind: 'record', position };
  if (bad !== Number.POSITIVE_INFINITY) {
    return bad - good === 1 ? { kind: 'record', position: good } : { kind: 'range', from: good, to: bad };
  }
  // A blob that is wrong makes the record that refers to it one that cannot be checked, and no more.
  const referring = firstPosition(problems);
  return referring === Number.POSITIVE_INFINITY ? null : { kind: 'record', position: referring };
}

function firstPosition(problems: readonly Problem[]): number {
  return Math.min(...problems.flatMap(({ position }) => (position === null ? [] : [position])));
}
