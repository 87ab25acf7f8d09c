import { z } from 'zod';
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
 * `--strategy a,b` with `--candidates N` and any `--set [STRATEGY.]PARAMETER=VALUE` as complete, checked references; the
 * value null leaves a parameter out.
 *
 * @throws PawlError `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `USAGE`
 */
export function strategyRefs(
  names: readonly string[],
  candidates: number,
  settings: readonly string[],
): readonly StrategyRef[] {
  const parsed = settings.map(parseSetting);
  refuseStray(names, parsed, 'that strategy is not in --strategy.');
  return [...new Set(names)].map((name) =>
    strategyRef(strategyNamed(name), withSettings(name, { candidates }, parsed)),
  );
}

/** What a branch goes on with; what is not given is the parent's, where the two strategies have it in common. */
export interface StrategyOptions {
  readonly strategy?: string;
  readonly candidates?: number;
  readonly set: readonly string[];
}

/**
 * The strategy of a branch, or undefined where it is the parent's with nothing changed.
 *
 * @throws PawlError `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `USAGE`
 */
export function changedStrategy(
  parent: StrategyRef,
  { strategy, candidates, set }: StrategyOptions,
): StrategyRef | undefined {
  if (strategy === undefined && candidates === undefined && set.length === 0) return undefined;
  const name = strategy ?? parent.name;
  const settings = set.map(parseSetting);
  refuseStray([name], settings, 'that is not the strategy of the branch.');
  const { candidates: drawn } = parent.params;
  const kept = name === parent.name ? parent.params : drawn === undefined ? {} : { candidates: drawn };
  const given = candidates === undefined ? {} : { candidates };
  const ref = strategyRef(strategyNamed(name), withSettings(name, { ...kept, ...given }, settings));
  // Not named, it is the very version that the parent began with, or none.
  return strategy === undefined ? { ...ref, version: parent.version } : ref;
}

function withSettings(
  name: string,
  base: Readonly<Record<string, Json>>,
  settings: readonly Setting[],
): Readonly<Record<string, Json>> {
  const params = { ...base };
  for (const { strategy, parameter, value } of settings) {
    if (strategy !== null && strategy !== name) continue;
    if (value === null && isKnown(name, parameter)) delete params[parameter];
    else params[parameter] = value;
  }
  return params;
}

/** A name that is not there must stay, for the schema to refuse it. */
function isKnown(name: string, parameter: string): boolean {
  return Object.hasOwn(
    z.toJSONSchema(strategyNamed(name).params, { io: 'input' }).properties ?? {},
    parameter,
  );
}

function refuseStray(names: readonly string[], settings: readonly Setting[], why: string): void {
  const stray = settings.find(({ strategy }) => strategy !== null && !names.includes(strategy));
  if (stray === undefined) return;
  throw new PawlError('USAGE', `--set ${stray.strategy}.${stray.parameter}: ${why}`);
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
