/** Kept snapshots lie at least this far apart, as a share of the later one's size: some thirty of them for a million records. */
const spacing = 1 / 3;

/**
 * Which of a projection's snapshots need not be kept, by their sizes: the two largest stay, and behind them enough that whoever asks for
 * an earlier state finds one not far before it.
 */
export function superfluous(sizes: readonly number[]): number[] {
  const dropped: number[] = [];
  let kept = Number.POSITIVE_INFINITY;
  for (const [index, size] of sizes.toSorted((left, right) => right - left).entries()) {
    if (index < 2 || size <= kept * (1 - spacing)) kept = size;
    else dropped.push(size);
  }
  return dropped;
}
