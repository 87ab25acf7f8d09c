import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agrees, type Cell, loopOf, reference } from '../bench/gates/cell.ts';
import { besides, mixed, unit } from '../bench/gates/directions.ts';
import { type Experiment, jobsOf, runJob } from '../bench/gates/job.ts';
import {
  candidateOf,
  correlationFor,
  discordanceBetween,
  firstProgram,
  passShare,
} from '../bench/gates/latent-model.ts';
import { Normals } from '../bench/gates/normals.ts';
import { openPool, type Pool } from '../bench/gates/pool.ts';
import { tables } from '../bench/gates/tables.ts';
import { estimateOf, mergeTallies, type Tally } from '../bench/gates/tally.ts';

const long = process.env['PAWL_LONG'] === '1';

function simulated(experiment: Experiment, repetitions: number, seed = 1): Tally {
  return mergeTallies(jobsOf(experiment, repetitions, seed).map(runJob));
}

function sumOf(tally: Tally, figure: string): number {
  return tally[figure]?.sum ?? Number.NaN;
}

const small = { items: 100, rounds: 20, discordance: 0.15 } as const;
const some = [{ share: 0.2, gain: 0.1 }];

describe('the model', () => {
  const items = 200_000;
  const normals = new Normals(7);
  const first = firstProgram(items, normals);
  const rho = correlationFor(0.2);

  it('gives a candidate without gain the accuracy of its parent, and the wanted discordance', () => {
    const same = candidateOf(first, 0, rho, () => normals.fill(items));
    const { wins, losses } = discordanceBetween(same, first, 'heldOut');
    expect(Math.abs(passShare(same, 'heldOut') - 0.6)).toBeLessThan(0.004);
    expect(Math.abs((wins + losses) / items - 0.2)).toBeLessThan(0.004);
    expect(Math.abs(wins - losses) / items).toBeLessThan(0.004);
  });

  it('gives a better candidate its gain on new items', () => {
    const better = candidateOf(first, 0.05, rho, () => normals.fill(items));
    expect(Math.abs(passShare(better, 'dev') - 0.65)).toBeLessThan(0.004);
    expect(Math.abs(passShare(better, 'heldOut') - 0.65)).toBeLessThan(0.004);
  });

  it('draws normals whose moments and tails are those of the normal distribution', () => {
    const values = new Normals(11).fill(400_000);
    const share = (limit: number): number => values.filter((value) => value > limit).length / values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.006);
    expect(Math.abs(square - 1)).toBeLessThan(0.008);
    expect(Math.abs(share(0) - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(share(1.96) - 0.025)).toBeLessThan(0.001);
    expect(Math.abs(share(3.5) - 0.000233)).toBeLessThan(0.0001);
  });

  it('keeps what an adversary stacks orthogonal to the program it starts from, so that its accuracy stays', () => {
    const base = mixed(unit(0), 0.8, unit(2));
    const stacked = besides([0, 0.3, -0.2, 0.5], base) ?? [];
    const candidate = mixed(base, 0.9, stacked);
    const product = (left: readonly number[], right: readonly number[]): number =>
      left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0);
    expect(product(stacked, base)).toBeCloseTo(0, 12);
    expect(product(candidate, candidate)).toBeCloseTo(1, 12);
    expect(product(candidate, base)).toBeCloseTo(0.9, 12);
    expect(besides(base, base)).toBeNull();
  });
});

describe('a seeded simulation', () => {
  let pool: Pool;
  beforeAll(() => {
    pool = openPool(2);
  });
  afterAll(() => pool.close());

  const experiments: readonly Experiment[] = [
    loopOf({ ...small, gate: 'certified', kinds: some }),
    loopOf({ ...small, gate: 'p-each', adversary: 'stack', disclosure: 'score' }),
    {
      kind: 'single-tests',
      options: {
        population: 'graded',
        items: 60,
        delta: 0.1,
        methods: ['deadline-bet', 'paired-t', 'bootstrap'],
      },
    },
  ];

  it('comes to the same last digit on two threads and on none', async () => {
    for (const experiment of experiments) {
      const jobs = jobsOf(experiment, 120, 5);
      expect(jobs.length).toBe(3);
      const here = mergeTallies(jobs.map(runJob));
      expect(mergeTallies(await pool.run(jobs))).toEqual(here);
    }
  });

  it('is another one with another seed', () => {
    const experiment = experiments[0] as Experiment;
    expect(simulated(experiment, 50, 6)).not.toEqual(simulated(experiment, 50, 5));
  });

  it.each([
    ['certified', 0, 18_500, 83.35],
    ['mean-higher', 99, 200_000, 89.2],
    ['p-each', 18, 200_000, 83.65],
    ['explore', 4, 53_500, 79.15],
    ['every-candidate', 1, 200_000, 66.5],
  ] as const)('of %s gives exactly what it gave', (gate, wrong, evaluations, accuracy) => {
    const tally = simulated(loopOf({ ...small, gate, kinds: some }), 100);
    expect(sumOf(tally, 'falsePromotion')).toBe(wrong);
    expect(sumOf(tally, 'evaluations')).toBe(evaluations);
    expect(sumOf(tally, 'accuracy')).toBeCloseTo(accuracy, 9);
  });
});

describe('in loops in which no candidate is better', () => {
  it('certified makes a false promotion in at most 5 of 100 loops, and the mean in nearly all', () => {
    const null50 = { items: 300, rounds: 50, discordance: 0.2 } as const;
    const certified = simulated(loopOf({ ...null50, gate: 'certified' }), 300);
    const naive = simulated(loopOf({ ...null50, gate: 'mean-higher' }), 300);
    expect(sumOf(certified, 'falsePromotion')).toBeLessThanOrEqual(0.05 * 300);
    expect(sumOf(naive, 'falsePromotion')).toBeGreaterThan(0.97 * 300);
  });

  it('what is disclosed decides: a score breaks Bonferroni, a bit does not', () => {
    const stacked = {
      items: 300,
      rounds: 100,
      discordance: 0.15,
      gate: 'bonferroni',
      adversary: 'stack',
    } as const;
    const score = simulated(loopOf({ ...stacked, disclosure: 'score' }), 50);
    const bit = simulated(loopOf({ ...stacked, disclosure: 'bit' }), 50);
    expect(sumOf(score, 'falsePromotion')).toBeGreaterThan(10);
    expect(sumOf(bit, 'falsePromotion')).toBeLessThanOrEqual(5);
  });
});

describe('a comparison with a published figure', () => {
  it('counts the errors of both sides, and the rounding', () => {
    const measured = (mean: number) => ({ mean, error: 0.01, deviation: 0.5 });
    expect(reference('.554±.008')).toEqual({
      text: '.554±.008',
      value: 0.554,
      error: 0.008,
      rounding: 0.0005,
    });
    expect(reference(null)).toBeNull();
    const published = { text: '', value: 0.55, error: 0.01, rounding: 0.0005 };
    expect(agrees(measured(0.59), published)).toBe(true);
    expect(agrees(measured(0.6), published)).toBe(false);
    expect(agrees({ mean: 0.5549, error: 0, deviation: 0 }, { ...published, error: 0 })).toBe(true);
    expect(agrees({ mean: 0.556, error: 0, deviation: 0 }, { ...published, error: 0 })).toBe(false);
  });
});

describe.runIf(long)('the tables', () => {
  const wanted = (table: 'A' | 'B' | 'C', ...labels: readonly string[]): Cell => {
    const found = tables[table].cells.find((cell) => cell.labels.join() === labels.join());
    if (found === undefined) throw new Error(`There is no row ${labels.join(', ')} in table ${table}.`);
    return found;
  };
  it.each([
    wanted('A', 'mean higher', '300', '50'),
    wanted('A', 'p < .05 each', '300', '50'),
    wanted('A', 'Ladder, parameter-free', '300', '50'),
    wanted('A', 'Thresholdout > .025', '300', '50'),
    wanted('A', 'certified', '300', '50'),
    wanted('A', 'certified', '500', '200'),
    wanted('B', 'mean higher', 'mixed', '300', '50'),
    wanted('B', 'p < .05 each', 'mixed', '300', '50'),
    wanted('B', 'certified', 'mixed', '300', '50'),
    wanted('B', 'certified', 'mixed', '500', '50'),
    wanted('C', 'Bonferroni / score', 'stack', '200'),
    wanted('C', 'certified / bit, all dev scores', 'stack', '200'),
  ])('$table $labels is as in the reference', (cell) => {
    const tally = simulated(cell.experiment, cell.repetitions);
    for (const { figure, reference: published } of cell.wanted) {
      const estimate = estimateOf(tally, figure);
      if (published === null || estimate === null) continue;
      expect(agrees(estimate, published), `${figure}: ${estimate.mean}, published ${published.text}`).toBe(
        true,
      );
    }
    if (cell.labels[0]?.startsWith('certified') === true) {
      expect(estimateOf(tally, 'falsePromotion')?.mean).toBeLessThanOrEqual(0.05);
    }
  });
});
