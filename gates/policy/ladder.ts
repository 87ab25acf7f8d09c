import { mustBeCount, mustBeFinite, mustBePositive } from './math/domain.ts';

/**
 * The Ladder with a fixed step (Blum & Hardt 2015, arXiv 1502.04585): releases the best loss so far, rounded to a multiple of
 * `step`, and moves only when a loss beats it by more than that. It bounds the error of a leaderboard; it is no test of a
 * promotion, and a loop that promotes on it is mostly wrong.
 *
 * @returns the released best loss after each submission
 */
export function ladderFixed(losses: readonly number[], step: number): readonly number[] {
  mustBePositive(step, 'the step');
  let best = Number.POSITIVE_INFINITY;
  return losses.map((loss) => {
    mustBeFinite(loss, 'a loss');
    // In units of the step, and clear of rounding: 0.6 does not beat 0.7 by more than 0.1, and 0.35 lies halfway.
    if (loss < best - step * (1 + rounding)) best = Math.round(loss / step + rounding) * step;
    return best;
  });
}

const rounding = 1e-9;

/**
 * The parameter-free Ladder: the step is the standard error of the difference to the leader (of the loss itself in the first
 * round), and the release is rounded to 1/n.
 *
 * @param lossVectors per submission its loss on each of the n items
 */
export function ladderFree(lossVectors: readonly (readonly number[])[]): readonly number[] {
  let best = Number.POSITIVE_INFINITY;
  let leader: readonly number[] | undefined;
  return lossVectors.map((losses) => {
    const { length } = losses;
    mustBeCount(length, 'losses', leader?.length ?? 2);
    for (const loss of losses) mustBeFinite(loss, 'a loss');
    const differences = losses.map((loss, index) => loss - (leader?.[index] ?? 0));
    const loss = mean(losses);
    if (loss < best - sampleDeviation(differences) / Math.sqrt(length)) {
      best = Math.round(loss * length) / length;
      leader = losses;
    }
    return best;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sampleDeviation(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
