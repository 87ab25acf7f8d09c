import type { LineOptions } from '../../../src/cli/line-options.ts';

/** A generator that knows nothing of bugs: where `npm start` begins. */
const plain = 'repair:{"blindSpread":1,"informedSpread":1,"priorWeight":0}';
export const baselines = { plain, default: 'repair' } as const;

/** What the sittings of one table have in common. */
export interface Setting {
  /** As `loadSuite` takes it. */
  readonly suite: string;
  readonly baseline: keyof typeof baselines;
  readonly proposals: number;
}

/** The command line of `pawl improve` that such a sitting is held with. */
export function lineOptionsOf({ suite, baseline }: Setting, seed: string): LineOptions {
  const isStarter = suite === 'starter';
  return {
    ...{ suite, seed, generator: baselines[baseline], strategy: 'sequential-feedback', set: [] },
    ...{ candidates: 20, maxSteps: 20_000, heldout: 'heldout' },
    ...(isStarter
      ? { dev: 'select', sealed: 'final' }
      : { shares: '63:0:100:0', dev: 'optimize', sealed: 'none' }),
  };
}
