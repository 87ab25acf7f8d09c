import { z } from 'zod';
import type { StrategyRef } from '../events/run.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { bestOfN } from './best-of-n.ts';
import { sequentialFeedback } from './sequential-feedback.ts';
import type { AnyStrategy } from './strategy.ts';
import { unaryRetry } from './unary-retry.ts';

export const strategies: readonly AnyStrategy[] = [bestOfN, sequentialFeedback, unaryRetry];

/** @throws PawlError `STRATEGY_NOT_FOUND` naming the strategies there are */
export function strategyNamed(name: string): AnyStrategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found === undefined) {
    const known = strategies.map((strategy) => strategy.name).join(', ');
    throw new PawlError('STRATEGY_NOT_FOUND', `There is no strategy "${name}". Choose one of: ${known}.`, {
      context: { name },
    });
  }
  return found;
}

/**
 * Parameters checked and completed with defaults, ready to be recorded.
 *
 * @throws PawlError `STRATEGY_PARAMS`
 */
export function strategyRef(strategy: AnyStrategy, given: Readonly<Record<string, Json>>): StrategyRef {
  const parsed = strategy.params.safeParse(given);
  if (!parsed.success) {
    throw new PawlError('STRATEGY_PARAMS', `${strategy.name}: ${z.prettifyError(parsed.error)}`, {
      context: { strategy: strategy.name },
    });
  }
  return { name: strategy.name, version: strategy.version, params: parsed.data as JsonObject };
}
