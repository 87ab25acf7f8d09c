import { type LoopOptions, simulateLoop } from './loop.ts';
import { type SingleTestOptions, simulateSingleTests } from './single-tests.ts';
import { type Tally, tallyOf } from './tally.ts';

/** What is simulated: whole loops, or single tests. */
export type Experiment =
  | { readonly kind: 'loop'; readonly options: LoopOptions }
  | { readonly kind: 'single-tests'; readonly options: SingleTestOptions };

/** Some of the repetitions of an experiment. */
export interface Job {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Repetitions in one job. Fixed, so that sums are added in the same order whatever the number of threads. */
const jobSize = 50;

export function jobsOf(experiment: Experiment, repetitions: number, seed: number): readonly Job[] {
  return Array.from({ length: Math.ceil(repetitions / jobSize) }, (_, index) => ({
    experiment,
    seed,
    from: index * jobSize,
    to: Math.min(repetitions, (index + 1) * jobSize),
  }));
}

/** A repetition depends on its number and on the seed of the whole, and on nothing else. */
export function runJob({ experiment, seed, from, to }: Job): Tally {
  return tallyOf(
    Array.from({ length: to - from }, (_, index) => {
      const own = (Math.imul(from + index + 1, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b)) | 0;
      return experiment.kind === 'loop'
        ? { ...simulateLoop(experiment.options, own) }
        : simulateSingleTests(experiment.options, own);
    }),
  );
}
