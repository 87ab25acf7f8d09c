import { diffLines } from 'diff';

/** How near a text is to another one. `similarity` is 1 for equal texts and 0 for those without a line in common. */
export interface Likeness {
  readonly kind: 'identical' | 'layout' | 'other';
  readonly similarity: number;
}

const linesMax = 20_000;

/**
 * Compares two texts line by line: twice the lines of their longest common subsequence, divided by the lines of both (the
 * Sørensen–Dice coefficient). `layout` is the same text but for white space.
 */
export function textLikeness(left: string, right: string): Likeness {
  if (left === right) return { kind: 'identical', similarity: 1 };
  const kind = withoutSpace(left) === withoutSpace(right) ? 'layout' : 'other';
  const [before, after] = [lineCount(left), lineCount(right)];
  if (before + after > linesMax) return { kind, similarity: kind === 'layout' ? 1 : 0 };
  const changes = diffLines(left, right);
  const common = changes.reduce(
    (sum, { added, removed, count }) => (added || removed ? sum : sum + count),
    0,
  );
  return { kind, similarity: (2 * common) / (before + after) };
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** As `diffLines` counts them: a last line without a line feed is one as well. */
function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
}
