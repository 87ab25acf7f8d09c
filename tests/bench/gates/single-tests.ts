import { gridMixturePath } from '../../../gates/policy/bets.ts';
import { bootstrapIntervals } from '../../../gates/policy/bootstrap.ts';
import { deadlineBet } from '../../../gates/policy/deadline-bet.ts';
import { rational } from '../../../gates/policy/math/rational.ts';
import { mcnemarRejects } from '../../../gates/policy/mcnemar.ts';
import { discordanceOf, momentsOf } from '../../../gates/policy/paired-outcomes.ts';
import { signFlipMonteCarlo } from '../../../gates/policy/sign-flip.ts';
import { pairedTTest } from '../../../gates/policy/student-t.ts';
import { signMixtureE } from './exact-decisions.ts';
import { Normals } from './normals.ts';

/**
 * Differences per item. `pass-fail`: ±1 on a share 0.15 of the items. `graded`: normal with standard deviation 0.25. `tied`: 0 on
 * 60 % of the items, normal with standard deviation 0.35 on the others. Normals are cut at ±1. `rare-losses`: +0.02 on 98 % of
 * the items and -0.98 on 2 %, which has mean 0.
 */
export type Population = 'pass-fail' | 'graded' | 'tied' | 'rare-losses';

export interface SingleTestOptions {
  readonly population: Population;
  readonly items: number;
  /** True mean difference. */
  readonly delta: number;
  readonly methods: readonly SingleTestName[];
}

const level = 1 / 60;
const exactLevel = rational(1n, 60n);
const resamples = 500;
const discordance = 0.15;

interface Sample {
  readonly differences: readonly number[];
  /** From a dev split of the same size where scores are graded; what the deadline bet takes as prior. */
  readonly variancePrior: number;
  readonly priorItems: number;
  readonly normals: Normals;
}

/** Whether each test rejects "not better", at the level 1/60. */
const tests = {
  mcnemar: ({ differences }: Sample) => mcnemarRejects(discordanceOf(differences), exactLevel),
  'sign-mixture-final': ({ differences }: Sample) => signMixtureE(discordanceOf(differences)) * level >= 1,
  'sign-mixture-any': ({ differences }: Sample) => signMixtureEver(differences),
  'deadline-bet': ({ differences, variancePrior, priorItems }: Sample) =>
    deadlineBet(differences, { level, items: differences.length, cap: 0.9, variancePrior, priorItems })
      .rejects,
  'grid-final': ({ differences }: Sample) => (gridMixturePath(differences).at(-1) ?? 1) * level >= 1,
  'grid-any': ({ differences }: Sample) => gridMixturePath(differences).some((e) => e * level >= 1),
  'paired-t': ({ differences }: Sample) => pairedTTest(differences) <= level,
  bootstrap: ({ differences, normals }: Sample) => bootstrapRejects(differences, normals),
  'sign-flip': ({ differences, normals }: Sample) => signFlipRejects(differences, normals),
} satisfies Record<string, (sample: Sample) => boolean>;

export type SingleTestName = keyof typeof tests;

/** One data set, given to each method: 1 where it rejects. */
export function simulateSingleTests(
  { population, items, delta, methods }: SingleTestOptions,
  seed: number,
): Readonly<Record<string, number>> {
  const normals = new Normals(seed);
  const differences = draw(population, items, delta, normals);
  const prior =
    population === 'pass-fail'
      ? { variancePrior: discordance, priorItems: 10 }
      : { variancePrior: momentsOf(draw(population, items, delta, normals)).meanSquare, priorItems: 50 };
  const sample: Sample = { differences, ...prior, normals };
  return Object.fromEntries(methods.map((method) => [method, Number(tests[method](sample))]));
}

function draw(population: Population, items: number, delta: number, normals: Normals): readonly number[] {
  return Array.from({ length: items }, () => drawOne(population, delta, normals));
}

function drawOne(population: Population, delta: number, normals: Normals): number {
  const within = (value: number): number => Math.max(-1, Math.min(1, value));
  switch (population) {
    case 'pass-fail': {
      const lot = normals.uniform();
      return lot < (discordance + delta) / 2 ? 1 : Number(lot < discordance) * -1;
    }
    case 'graded':
      return within(delta + 0.25 * normals.next());
    case 'tied':
      return normals.uniform() < 0.6 ? 0 : within(delta / 0.4 + 0.35 * normals.next());
    case 'rare-losses':
      return normals.uniform() < 0.02 ? -0.98 : 0.02;
  }
}

function signMixtureEver(differences: readonly number[]): boolean {
  let wins = 0;
  let losses = 0;
  for (const difference of differences) {
    if (difference === 0) continue;
    if (difference > 0) wins += 1;
    else losses += 1;
    if (signMixtureE({ wins, losses }) * level >= 1) return true;
  }
  return false;
}

/** Whether the percentile interval with 1/60 in its lower tail lies above 0. */
function bootstrapRejects(differences: readonly number[], normals: Normals): boolean {
  const { length } = differences;
  const drawn = Array.from({ length: resamples }, () => Array.from({ length }, () => normals.below(length)));
  return bootstrapIntervals(differences, drawn, 1 - 2 * level).percentile[0] > 0;
}

function signFlipRejects(differences: readonly number[], normals: Normals): boolean {
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  let exceeding = 0;
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    for (const difference of differences) sum += normals.uniform() < 0.5 ? -difference : difference;
    if (sum >= observed - 1e-12) exceeding += 1;
  }
  return signFlipMonteCarlo(exceeding, resamples) <= level;
}
