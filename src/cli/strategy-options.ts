import type { StrategyRef } from '../events/run.ts';
import type { Json } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { strategyNamed, strategyRef } from '../strategies/registry.ts';

/** One `--set`: a parameter for every strategy, or for the named one. */
interface Setting {
  readonly strategy: string | null;
  readonly parameter: string;
  readonly value: Json;
}

/**
 * `--strategy a,b` with `--candidates N` and any `--set [STRATEGY.]PARAMETER=VALUE` as complete, checked references.
 *
 * @throws PawlError `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `USAGE`
 */
export function strategyRefs(
  names: readonly string[],
  candidates: number,
  settings: readonly string[],
): readonly StrategyRef[] {
  const parsed = settings.map(parseSetting);
  const stray = parsed.find(({ strategy }) => strategy !== null && !names.includes(strategy));
  if (stray !== undefined) {
    throw new PawlError(
      'USAGE',
      `--set ${stray.strategy}.${stray.parameter}: that strategy is not in --strategy.`,
    );
  }
  return [...new Set(names)].map((name) => {
    const params: Record<string, Json> = { candidates };
    for (const { strategy, parameter, value } of parsed) {
      if (strategy === null || strategy === name) params[parameter] = value;
    }
    return strategyRef(strategyNamed(name), params);
  });
}

function parseSetting(text: string): Setting {
  const [, strategy, parameter, value] = /^(?:([a-z0-9-]+)\.)?([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(text) ?? [];
  if (parameter === undefined || value === undefined) {
    throw new PawlError('USAGE', `--set takes [STRATEGY.]PARAMETER=VALUE, not "${text}".`);
  }
  return { strategy: strategy ?? null, parameter, value: jsonOrText(value) };
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
