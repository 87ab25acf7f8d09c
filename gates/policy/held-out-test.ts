import { gridBets } from './bets.ts';
import { deadlineBet } from './deadline-bet.ts';
import { type FutilityOptions, isFutile, looksAt } from './futility.ts';
import { type Rational, rationalText, toNumber } from './math/rational.ts';
import { mcnemarPValue, mcnemarRejects } from './mcnemar.ts';
import { discordanceOf } from './paired-outcomes.ts';

/** How a held-out comparison is decided, all of it fixed before the first item is read. */
export type HeldOutMethod =
  | { readonly kind: 'mcnemar-exact'; readonly futility: FutilityOptions }
  | {
      readonly kind: 'deadline-bet';
      readonly cap: number;
      readonly variancePrior: number;
      readonly priorItems: number;
    }
  | { readonly kind: 'grid-mixture' };

/** What the test came to, with what is needed to decide it again. */
export interface HeldOutOutcome {
  readonly rejects: boolean;
  readonly method: HeldOutMethod['kind'];
  /** Items that were read, in the fixed order; fewer than all where it stopped. */
  readonly itemsUsed: number;
  readonly stopped: 'end' | 'futility' | 'success';
  readonly level: string;
  readonly evidence:
    | { readonly wins: number; readonly losses: number; readonly p: string }
    | { readonly capital: number };
}

/**
 * Tests that the challenger is better on the held-out items, one comparison at one level. Items are asked for one by one, so that
 * what a stop leaves unread is never executed.
 *
 * - `mcnemar-exact`: exact for pass/fail items at any n; the decision is an integer comparison.
 * - `deadline-bet`: for bounded graded differences, finite-sample valid; its arithmetic gives the same bits on every engine.
 * - `grid-mixture`: as that, where the number of items is open; rejects as soon as the capital reaches 1/level.
 *
 * @param items number of held-out items
 * @param differenceAt challenger minus champion on the i-th item of the fixed order, in [-1, 1]
 */
export function heldOutTest(
  items: number,
  differenceAt: (index: number) => number,
  level: Rational,
  method: HeldOutMethod,
): HeldOutOutcome {
  const told = { method: method.kind, level: rationalText(level) };
  switch (method.kind) {
    case 'mcnemar-exact':
      return { ...told, ...exact(items, differenceAt, level, method.futility) };
    case 'deadline-bet':
      return { ...told, ...deadline(items, differenceAt, toNumber(level), method) };
    case 'grid-mixture':
      return { ...told, ...grid(items, differenceAt, toNumber(level)) };
  }
}

type Came = Omit<HeldOutOutcome, 'method' | 'level'>;

function exact(
  items: number,
  differenceAt: (index: number) => number,
  level: Rational,
  futility: FutilityOptions,
): Came {
  const looks = new Set(looksAt(items, futility.looks));
  const differences: number[] = [];
  for (let index = 0; index < items; index += 1) {
    differences.push(differenceAt(index));
    const seen = index + 1;
    if (!looks.has(seen)) continue;
    const sofar = discordanceOf(differences);
    if (isFutile(sofar, seen, items, level, futility)) {
      const evidence = { ...sofar, p: rationalText(mcnemarPValue(sofar)) };
      return { rejects: false, itemsUsed: seen, stopped: 'futility', evidence };
    }
  }
  const outcome = discordanceOf(differences);
  const evidence = { ...outcome, p: rationalText(mcnemarPValue(outcome)) };
  return { rejects: mcnemarRejects(outcome, level), itemsUsed: items, stopped: 'end', evidence };
}

function deadline(
  items: number,
  differenceAt: (index: number) => number,
  level: number,
  { cap, variancePrior, priorItems }: Extract<HeldOutMethod, { kind: 'deadline-bet' }>,
): Came {
  const differences = lazily(items, differenceAt);
  const { path, rejects } = deadlineBet(differences, { level, items, cap, variancePrior, priorItems });
  const stopped = rejects ? 'success' : 'end';
  return { rejects, itemsUsed: path.length, stopped, evidence: { capital: path.at(-1) ?? 1 } };
}

/** Items one after the other, so that one that is not reached is never read. */
function* lazily(items: number, differenceAt: (index: number) => number): Generator<number> {
  for (let index = 0; index < items; index += 1) yield differenceAt(index);
}

function grid(items: number, differenceAt: (index: number) => number, level: number): Came {
  const capitals = gridBets.map(() => 1);
  let capital = 1;
  for (let index = 0; index < items; index += 1) {
    const difference = differenceAt(index);
    let sum = 0;
    for (let place = 0; place < gridBets.length; place += 1) {
      const grown = (capitals[place] as number) * (1 + (gridBets[place] as number) * difference);
      capitals[place] = grown;
      sum += grown;
    }
    capital = sum / capitals.length;
    if (level * capital >= 1) {
      return { rejects: true, itemsUsed: index + 1, stopped: 'success', evidence: { capital } };
    }
  }
  return { rejects: false, itemsUsed: items, stopped: 'end', evidence: { capital } };
}
