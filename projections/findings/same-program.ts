import type { Proposal } from './episode-trail.ts';
import type { Sketches } from './finding.ts';
import { similarity } from './program-sketch.ts';

/** The same text, or the same tokens with other comments and layout. Texts that are gone can only be the same as themselves. */
export function isSameProgram(left: Proposal, right: Proposal, sketches: Sketches): boolean {
  if (left.candidate === right.candidate) return true;
  const [one, other] = [sketches.get(left.program), sketches.get(right.program)];
  return one !== undefined && other !== undefined && similarity(one, other) === 1;
}
