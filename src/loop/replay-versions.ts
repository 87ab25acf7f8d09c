import type { StrategyRef } from '../events/run.ts';
import { scorerNamed, scorers } from '../scorers/registry.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { strategies, strategyNamed } from '../strategies/registry.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { Inconclusive } from './replay-stops.ts';

interface Versioned {
  readonly name: string;
  readonly version: number;
}

/**
 * The very version that a run names: a registry may hold several of one name, the newest first, so that old runs go on being
 * derived the old way.
 */
export function versionOf<Kept extends Versioned>(
  known: readonly Kept[],
  { name, version }: Versioned,
): Kept | undefined {
  return known.find((each) => each.name === name && each.version === version);
}

/** @throws Inconclusive naming the version there is; PawlError `STRATEGY_NOT_FOUND` */
export function recordedStrategy(ref: StrategyRef): AnyStrategy {
  const strategy = versionOf(strategies, ref);
  if (strategy !== undefined) return strategy;
  const here = strategyNamed(ref.name).version;
  throw new Inconclusive(`${ref.name} version ${ref.version}; this build has version ${here}`);
}

/** @throws Inconclusive naming the version there is; PawlError `SCORER_NOT_FOUND` */
export function recordedScorer(ref: Versioned): Scorer {
  const scorer = versionOf(scorers, ref);
  if (scorer !== undefined) return scorer;
  const here = scorerNamed(ref.name).version;
  throw new Inconclusive(`the scorer ${ref.name} version ${ref.version}; this build has version ${here}`);
}
