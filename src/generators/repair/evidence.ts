import type { ExecutionResult } from '../../events/execution-result.ts';
import { isLoop } from '../../mutation/sites.ts';
import type { Hint } from './hint.ts';
import { ochiai } from './ochiai.ts';
import type { RepairBase } from './repair-base.ts';
import type { RepairParameters } from './repair-parameters.ts';
import { valueHints } from './value-hints.ts';

const hanging =
  /^(update|assignment|arithmetic|relational|equality|variable|statement-|accumulator|jump|operand-|condition|offset-bound|loop|wrap-round|index|argument)/;

/** What one execution of a base says about each of its edits, as an addition to the logarithm of the edit's weight. */
export function evidenceOf(
  base: RepairBase,
  execution: ExecutionResult,
  parameters: RepairParameters,
): readonly number[] {
  const { localizationWeight, unreachedPenalty, valueHintWeight, crashHintWeight } = parameters;
  const suspicion = ochiai(execution);
  const hints: readonly (readonly [weight: number, hint: Hint])[] = [
    ...valueHints(execution).map((hint) => [valueHintWeight, hint] as const),
    ...crashHints(base, execution).map((hint) => [crashHintWeight, hint] as const),
  ];
  const { source } = base.program;
  return base.mutations.map((mutation) => {
    const { start, end } = mutation.range;
    let sum = 0;
    if (suspicion !== null) {
      const score = suspicion.at(firstText(source, start));
      // An edit where no failing test came by cannot mend one.
      if (score === 0 && !suspicion.reached(firstText(source, start))) sum -= unreachedPenalty;
      else if (score !== null) sum += localizationWeight * Math.log(score + 0.1);
    }
    const edit = { mutation, before: source.slice(start, end) };
    for (const [weight, hint] of hints) sum += weight * hint(edit);
    return sum;
  });
}

function firstText(source: string, offset: number): number {
  let at = offset;
  while (at < source.length && /\s/.test(source[at] ?? '')) at += 1;
  return at;
}

function crashHints(base: RepairBase, execution: ExecutionResult): readonly Hint[] {
  const hints: Hint[] = [];
  const exceptions = [execution.error, ...execution.tests.map(({ exception }) => exception)];
  const seen = exceptions.find((exception) => exception !== null);
  if (seen) {
    const { source } = base.program;
    const { line } = seen;
    if (line !== null) {
      const range = lineRange(source, line);
      hints.push(({ mutation }) =>
        mutation.range.start < range.end && mutation.range.end > range.start ? 1 : 0,
      );
    }
    const name = /^'?([\w$]+)'? is not (defined|initialized)|before initialization.*'([\w$]+)'/.exec(
      seen.message,
    )?.[1];
    if (name !== undefined) {
      const used = new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`);
      hints.push(({ mutation, before }) => (used.test(before) && !used.test(mutation.replacement) ? 2.5 : 0));
    }
    if (/not a function|not iterable/.test(seen.message)) {
      hints.push(({ mutation }) =>
        /^(call-|wrap-|spread|method-add|variable|index-)/.test(mutation.operator) ? 0.7 : 0,
      );
    }
    if (/call stack|recursion|stack overflow/i.test(seen.message)) {
      hints.push(({ mutation }) =>
        /^(relational|equality|condition|offset|number|argument|arithmetic|wrap|method)/.test(
          mutation.operator,
        )
          ? 0.7
          : 0,
      );
    }
  }
  if (execution.outcome === 'timeout') {
    const loops = base.program.sites.filter(({ node }) => isLoop(node)).map(({ node }) => node);
    hints.push(({ mutation }) => {
      const inside = loops.some(
        ({ start, end }) => start <= mutation.range.start && mutation.range.end <= end,
      );
      return (inside ? 1 : -1) + (hanging.test(mutation.operator) ? 0.7 : -0.3);
    });
  }
  return hints;
}

function lineRange(source: string, line: number): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const next = source.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = source.indexOf('\n', start);
  return { start, end: end < 0 ? source.length : end };
}
