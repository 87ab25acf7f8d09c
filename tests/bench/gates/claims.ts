import { isCertified } from './loop.ts';
import type { Measured } from './report.ts';
import { estimateOf } from './tally.ts';

/** What the `certified` gate must reach, and whether it did. */
export interface Claim {
  readonly text: string;
  readonly measured: string;
  readonly holds: boolean;
}

const alpha = 0.05;

/** The claims that can be judged from what was run. */
export function claimsOf(measured: readonly Measured[]): readonly Claim[] {
  const certified = measured.filter(
    ({ cell: { experiment } }) => experiment.kind === 'loop' && isCertified(experiment.options.gate),
  );
  const shipped = certified.filter(({ cell: { table } }) => table !== 'F');
  const variants = certified.filter(({ cell: { table } }) => table === 'F');
  const claims = [
    ...falsePromotionClaim(shipped, 'certified: false promotion at most 0.05 in every scenario', 0),
    ...falsePromotionClaim(variants, 'variants of certified: at most 0.05 and three standard errors', 3),
  ];
  const main = certified.find(
    ({ cell: { table, experiment } }) =>
      table === 'B' &&
      experiment.kind === 'loop' &&
      experiment.options.gate === 'certified' &&
      experiment.options.items === 300 &&
      experiment.options.rounds === 50 &&
      experiment.options.kinds.length === 1,
  );
  if (main !== undefined) {
    const accuracy = estimateOf(main.tally, 'accuracy')?.mean ?? Number.NaN;
    const evaluations = estimateOf(main.tally, 'evaluations')?.mean ?? Number.NaN;
    claims.push({
      text: 'certified, n = 300, T = 50, mixed: accuracy at least 0.74',
      measured: accuracy.toFixed(4),
      holds: accuracy >= 0.74,
    });
    claims.push({
      text: 'certified, n = 300, T = 50, mixed: at most 1,000 held-out evaluations',
      measured: evaluations.toFixed(0),
      holds: evaluations <= 1000,
    });
  }
  return claims;
}

function falsePromotionClaim(
  measured: readonly Measured[],
  text: string,
  errorsAllowed: number,
): readonly Claim[] {
  const rates = measured.map(({ cell, tally }) => {
    const repetitions = tally['falsePromotion']?.count ?? 1;
    const rate = estimateOf(tally, 'falsePromotion')?.mean ?? Number.NaN;
    const limit = alpha + errorsAllowed * Math.sqrt((alpha * (1 - alpha)) / repetitions);
    return { where: `${cell.table}: ${cell.labels.join(', ')}`, rate, limit };
  });
  const worst = rates.toSorted((left, right) => right.rate - left.rate)[0];
  if (worst === undefined) return [];
  return [
    {
      text,
      measured: `${worst.rate.toFixed(4)} at most, in ${rates.length} scenarios (${worst.where})`,
      holds: rates.every(({ rate, limit }) => rate <= limit),
    },
  ];
}

const secondsMax = 120;

/** The time that 4,000 null loops of T = 50, n = 300 against the `certified` gate took. */
export function speedClaim(seconds: number, threads: number): Claim {
  return {
    text: `4,000 null loops of T = 50, n = 300 within ${secondsMax} s on two cores`,
    measured: `${seconds.toFixed(1)} s with ${threads} threads`,
    holds: seconds <= secondsMax,
  };
}
