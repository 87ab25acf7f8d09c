import type { Mutation } from './mutation.ts';
import { assignment } from './operators/assignment.ts';
import { binary, offset } from './operators/binary.ts';
import { calls, wrapping } from './operators/calls.ts';
import { conditions } from './operators/conditions.ts';
import { constants } from './operators/constants.ts';
import { returns } from './operators/returns.ts';
import { insertions, statements } from './operators/statements.ts';
import { variables } from './operators/variables.ts';
import { type ParsedProgram, parses } from './parse-program.ts';
import type { MutationHints, Operator, Workbench } from './workbench.ts';

/** In the order in which they are asked; the first that makes an edit names it. */
const operators: readonly Operator[] = [
  binary,
  assignment,
  conditions,
  constants,
  offset,
  variables,
  calls,
  returns,
  statements,
  wrapping,
  insertions,
];

const noHints: MutationHints = { numbers: [], strings: [] };

/**
 * Every single edit the operators know for this program: each result parses and differs from the source, no two results
 * are equal, and the order (by place, then operator, then text) is the same on every machine.
 */
export function mutationsOf(program: ParsedProgram, hints: MutationHints = noHints): readonly Mutation[] {
  const found = new Map<string, Mutation>();
  const verify = mayRunTogether(program);
  const lineOf = lineCounter(program.source);
  const bench: Workbench = {
    program,
    hints,
    edit: (operator, start, end, replacement) => {
      const edit = smallest(program.source, start, end, replacement);
      if (edit === null) return;
      const key = `${edit.start}:${edit.end}:${edit.replacement}`;
      if (found.has(key)) return;
      if (verify && !parses(program.source.slice(0, start) + replacement + program.source.slice(end))) return;
      const description = describe(lineOf(start), program.source.slice(start, end), replacement);
      found.set(key, { operator, range: { start, end }, replacement, description });
    },
  };
  for (const operator of operators) {
    for (const site of program.sites) operator(site, bench);
  }
  return [...found.values()].sort(
    (left, right) =>
      left.range.start - right.range.start ||
      left.range.end - right.range.end ||
      compare(left.operator, right.operator) ||
      compare(left.replacement, right.replacement),
  );
}

/**
 * Edits keep a program parsable by construction, except where a statement starts with a character that continues an
 * unterminated one before it: there each result is parsed.
 */
function mayRunTogether({ sites }: ParsedProgram): boolean {
  const starts = sites.some(
    ({ node, text }) => node.type === 'ExpressionStatement' && /^[[(`/+-]/.test(text),
  );
  return starts && sites.some(({ node, text }) => unterminated.test(node.type) && !text.endsWith(';'));
}

const unterminated = /^((Expression|Return|Throw|Break|Continue|DoWhile)Statement|VariableDeclaration)$/;

/** The part of an edit that changes text, or null when nothing does. Equal results have equal smallest edits. */
function smallest(
  source: string,
  start: number,
  end: number,
  replacement: string,
): { readonly start: number; readonly end: number; readonly replacement: string } | null {
  let from = start;
  let head = 0;
  while (from < end && head < replacement.length && source[from] === replacement[head]) {
    from += 1;
    head += 1;
  }
  let to = end;
  let tail = replacement.length;
  while (to > from && tail > head && source[to - 1] === replacement[tail - 1]) {
    to -= 1;
    tail -= 1;
  }
  let text = replacement.slice(head, tail);
  if (from === to && text === '') return null;
  // Adding or removing one of several equal neighbours is the same edit: take the last place.
  while (from === to && text[0] === source[from]) {
    text = text.slice(1) + text[0];
    from += 1;
    to += 1;
  }
  while (text === '' && to < source.length && source[from] === source[to]) {
    from += 1;
    to += 1;
  }
  return { start: from, end: to, replacement: text };
}

function describe(line: number, before: string, after: string): string {
  const quote = (text: string): string => `\`${shorten(text)}\``;
  const was = before.trim();
  const is = after.trim();
  if (was === '' && is !== '') return `line ${line}: added ${quote(is)}`;
  if (is === '') return `line ${line}: removed ${quote(was)}`;
  return `line ${line}: ${quote(was)} became ${quote(is)}`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  if (line.length <= 80) return line;
  // Cut by code points: half a surrogate pair could not be recorded.
  return `${line.slice(0, 78).toWellFormed().replaceAll('\uFFFD', '')} …`;
}

function lineCounter(source: string): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) breaks.push(at);
  return (offset) => {
    let line = 1;
    for (const at of breaks) {
      if (at >= offset) break;
      line += 1;
    }
    return line;
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
