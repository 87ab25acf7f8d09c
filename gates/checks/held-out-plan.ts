import type { GateDefinition } from '../definition/gate-definition.ts';
import { looksAt } from '../policy/futility.ts';
import { type HeldOutMethod, type HeldOutOutcome, heldOutTest } from '../policy/held-out-test.ts';
import { compare, parseRational, type Rational, zero } from '../policy/math/rational.ts';
import { momentsOf } from '../policy/paired-outcomes.ts';
import type { InputOf } from './check-input.ts';
import { differencesOf } from './differences.ts';
import type { ItemOutcome } from './item-outcome.ts';

/** With fewer items than this, a first look would often end a test that could still succeed. */
const futilityItemsMin = 200;
const betChunks = 10;
const variancePriorUnknown = 0.15;

/**
 * Up to where the held-out items are executed before the next look, ends of chunks in the fixed order; the last is all of them.
 * The exact test looks for futility at those places and at no other; bets look at every item, but items are executed by the
 * chunk. With families all items are one chunk, because a family counts only when all of it was read.
 */
export function heldOutChunks(definition: GateDefinition): readonly number[] {
  const { count } = definition.evaluation.heldout;
  if (definition.cluster !== null) return [count];
  const chunks = definition.test === 'mcnemar-exact' ? futilityLooks(definition, count) : betChunks;
  return [...looksAt(count, chunks), count];
}

/** Whether nothing more needs to be read: there is no level, the test has ended, or an item that it needs could not be graded. */
export function isHeldOutSettled(
  definition: GateDefinition,
  input: Pick<InputOf<'heldout'>, 'outcomes' | 'level' | 'variancePrior'>,
): boolean {
  if (compare(parseRational(input.level), zero) <= 0) return true;
  return (
    gradedPrefix(input.outcomes).length < input.outcomes.length || runHeldOut(definition, input) !== null
  );
}

/** Mean of D² on dev, in the units of the held-out test; null where nothing was graded. */
export function variancePriorOf(definition: GateDefinition, dev: readonly ItemOutcome[]): number | null {
  const graded = dev.filter(({ challenger, champion }) => challenger !== null && champion !== null);
  const differences = differencesOf(graded, definition.cluster !== null);
  return differences.length === 0 ? null : momentsOf(differences).meanSquare;
}

/** The outcomes before the first that could not be graded: nothing is decided from what lies behind a gap. */
export function gradedPrefix(outcomes: readonly ItemOutcome[]): readonly ItemOutcome[] {
  const gap = outcomes.findIndex(({ challenger, champion }) => challenger === null || champion === null);
  return gap === -1 ? outcomes : outcomes.slice(0, gap);
}

/** The test as far as its items are known, or null where it asks for one that is not. */
export function runHeldOut(
  definition: GateDefinition,
  { outcomes, level, variancePrior }: Pick<InputOf<'heldout'>, 'outcomes' | 'level' | 'variancePrior'>,
): HeldOutOutcome | null {
  const { count } = definition.evaluation.heldout;
  const clustered = definition.cluster !== null;
  const known = gradedPrefix(outcomes);
  if (clustered && known.length < count) return null;
  const differences = differencesOf(known, clustered);
  const units = clustered ? differences.length : count;
  return runTest(differences, units, parseRational(level), methodOf(definition, units, variancePrior));
}

/** The test on as many of `units` as are known, or null where it asks for one that is not. */
export function runTest(
  differences: readonly number[],
  units: number,
  level: Rational,
  method: HeldOutMethod,
): HeldOutOutcome | null {
  let isMissing = false;
  const at = (index: number): number => {
    if (index >= differences.length) isMissing = true;
    return differences[index] ?? 0;
  };
  const outcome = heldOutTest(units, at, level, method);
  return isMissing ? null : outcome;
}

/**
 * Families of pass/fail items give differences between -1 and 1, for which the exact test is not valid: the deadline bet is, for
 * any bounded difference.
 */
export function methodOf(
  definition: Pick<GateDefinition, 'test' | 'cluster' | 'futility' | 'bet' | 'mde'>,
  units: number,
  variancePrior: number | null,
): HeldOutMethod {
  const { test, cluster, futility, bet, mde } = definition;
  if (test === 'grid-mixture') return { kind: 'grid-mixture' };
  if (test === 'mcnemar-exact' && cluster === null) {
    const looks = futilityLooks(definition, units);
    const { conditionalPowerMin: minConditionalPower } = futility;
    return { kind: 'mcnemar-exact', futility: { looks, minConditionalPower, delta: mde } };
  }
  const { cap, priorItems } = bet;
  return { kind: 'deadline-bet', cap, priorItems, variancePrior: variancePrior ?? variancePriorUnknown };
}

function futilityLooks({ futility }: Pick<GateDefinition, 'futility'>, items: number): number {
  return items < futilityItemsMin ? 1 : futility.looks;
}
