/** Sizes are sorted into steps, each so many times the one before; of every step one snapshot stays. */
const stepFactor = 1.5;

/**
 * Which of a projection's snapshots need not be kept, by their sizes: the two largest stay, and the smallest of every step, so
 * that whoever asks for an earlier state finds one not far before it. A million records have some fifteen.
 */
export function superfluous(sizes: readonly number[]): number[] {
  const falling = sizes.toSorted((left, right) => right - left);
  return falling.filter((size, index) => index >= 2 && stepOf(falling[index + 1] ?? 0) === stepOf(size));
}

function stepOf(size: number): number {
  return size < 1 ? -1 : Math.floor(Math.log(size) / Math.log(stepFactor));
}
