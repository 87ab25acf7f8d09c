import { quantileOfSorted } from './bootstrap.ts';

/**
 * Upper bound of the ratio of mean costs (challenger ÷ champion) over paired items: the `level` quantile over given resamples.
 * Asymptotic; it blocks what got dearer and decides nothing about quality.
 *
 * @param resamples lists of item indices, drawn by the caller
 */
export function meanRatioBound(
  challenger: readonly number[],
  champion: readonly number[],
  resamples: readonly (readonly number[])[],
  level: number,
): { readonly ratio: number; readonly upper: number } {
  const ratioOf = (indices: Iterable<number>): number => {
    let top = 0;
    let bottom = 0;
    for (const index of indices) {
      top += challenger[index] as number;
      bottom += champion[index] as number;
    }
    return bottom === 0 ? (top === 0 ? 1 : Number.POSITIVE_INFINITY) : top / bottom;
  };
  const ratios = resamples.map(ratioOf).sort((left, right) => left - right);
  return { ratio: ratioOf(challenger.keys()), upper: quantileOfSorted(ratios, level) };
}
