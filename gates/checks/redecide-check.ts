import type { CheckVerdict } from '../../src/events/examination.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import type { ChainStep } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { outcomesOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { decideCheck } from './decide-check.ts';
import type { Evidence } from './evidence.ts';
import { outcomesDigest } from './item-outcome.ts';

/** What the event says of a check. */
export interface RecordedCheck {
  readonly verdict: CheckVerdict;
  readonly method: string | null;
  readonly level: string | null;
  readonly statistic: string | null;
  readonly items: number;
  readonly outcomes: string | null;
}

export interface Difference {
  /** `verdict`, `level`, `outcomes` … */
  readonly what: string;
  readonly recorded: string;
  readonly recomputed: string;
}

export interface RedecidedCheck {
  /** Null where the evidence is that of another check, or not usable. */
  readonly result: CheckResult | null;
  readonly differences: readonly Difference[];
}

/**
 * Decides a check again from its evidence and compares everything that was recorded of it but the sentence, whose wording may
 * change from version to version. Our arithmetic gives the same bits on every engine, so that equal means equal.
 */
export function redecideCheck(
  step: ChainStep,
  definition: GateDefinition,
  evidence: Evidence,
  recorded: RecordedCheck,
): RedecidedCheck {
  if (evidence.check !== step.name || evidence.kind !== step.kind || evidence.input.kind !== step.kind) {
    return { result: null, differences: [differ('check', evidence.check, step.name)] };
  }
  const result = decideOr(step, definition, evidence);
  if (typeof result === 'string') return { result: null, differences: [differ('input', 'usable', result)] };
  const { verdict, method, level, statistic, itemsUsed: items, numbers } = result;
  const outcomes = outcomesDigest(outcomesOf(evidence.input));
  const recomputed: RecordedCheck = { verdict, method, level, statistic, items, outcomes };
  const fields = ['verdict', 'method', 'level', 'statistic', 'items', 'outcomes'] as const;
  const differences = fields.flatMap((what) => unequal(what, recorded[what], recomputed[what]));
  return { result, differences: [...differences, ...unequal('numbers', evidence.numbers, numbers)] };
}

/** Levels and numbers that no gate gives cannot be decided from: that is a finding, not a failure of whoever looks. */
function decideOr(step: ChainStep, definition: GateDefinition, { input }: Evidence): CheckResult | string {
  try {
    return decideCheck(step, definition, input);
  } catch (error) {
    if (isPawlError(error)) return error.message;
    throw error;
  }
}

/** No difference where the canonical JSON is the same. */
export function unequal(what: string, recorded: unknown, recomputed: unknown): readonly Difference[] {
  const [left, right] = [canonicalJson(recorded), canonicalJson(recomputed)];
  return left === right ? [] : [differ(what, left, right)];
}

function differ(what: string, recorded: string, recomputed: string): Difference {
  return { what, recorded, recomputed };
}
