import type { AnyNode, Program, Statement } from 'acorn';
import { childrenOf } from './ast-node.ts';
import { createTextEdits } from './text-edits.ts';

export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export interface InstrumentedProgram {
  /** Same lines as the original: only columns move. */
  readonly code: string;
  /** Where each counted statement is in the original source, by index. */
  readonly statements: readonly SourceRange[];
}

/** Not a step by itself: hoisted, empty, or only a container. */
const uncounted = new Set(['FunctionDeclaration', 'EmptyStatement', 'BlockStatement']);

/**
 * Puts a call of `counter` before every statement and arrow expression body, and into every loop body that has no
 * statement of its own, so that no loop runs without counting. A body without braces gets some; nothing else changes.
 *
 * The inserted texts have four shapes (`c(1);`, `{c((1));`…`}`, `(c(1),`…`)`, the closing ones preceded by a comment with
 * the counter's name), by which the guest's `Function.prototype.toString` takes them out again.
 */
export function instrument(source: string, program: Program, counter: string): InstrumentedProgram {
  const edits = createTextEdits(source);
  const statements: SourceRange[] = [];
  const ticks: number[] = [];
  const mark = ` /*${counter}*/`; // the space keeps a regular expression before it from becoming a comment

  const add = (node: AnyNode): number => statements.push({ start: node.start, end: node.end }) - 1;
  const isCounted = (statement: AnyNode): boolean =>
    !uncounted.has(statement.type) && !('directive' in statement && statement.directive !== undefined);

  const visitList = (list: readonly AnyNode[]): void => {
    for (const statement of list) {
      if (isCounted(statement)) edits.insert(statement.start, `${counter}(${add(statement)});`);
      visit(statement);
    }
  };
  const visitBody = (body: Statement, ofLoop: boolean): void => {
    if (body.type === 'BlockStatement') {
      if (ofLoop && !body.body.some(isCounted)) ticks.push(body.start + 1);
      visit(body);
      return;
    }
    const index = body.type === 'EmptyStatement' ? '' : String(add(body));
    if (index === '') ticks.push(-body.start);
    else edits.insert(body.start, `{${counter}((${index}));`);
    visit(body);
    edits.insert(body.end, `${mark}}`);
  };
  const visitFields = (node: AnyNode, body: Statement, ofLoop: boolean): void => {
    for (const child of childrenOf(node)) {
      if (child === body) visitBody(body, ofLoop);
      else visit(child);
    }
  };
  const visit = (node: AnyNode): void => {
    switch (node.type) {
      case 'Program':
      case 'BlockStatement':
      case 'StaticBlock':
        visitList(node.body);
        return;
      case 'SwitchCase':
        if (node.test) visit(node.test);
        visitList(node.consequent);
        return;
      case 'IfStatement':
        visit(node.test);
        visitBody(node.consequent, false);
        if (node.alternate) visitBody(node.alternate, false);
        return;
      case 'WithStatement':
        visitFields(node, node.body, false);
        return;
      case 'ArrowFunctionExpression':
        if (!node.expression) break;
        for (const parameter of node.params) visit(parameter);
        edits.insert(node.body.start, `(${counter}(${add(node.body)}),`);
        visit(node.body);
        edits.insert(node.body.end, `${mark})`);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        visitFields(node, node.body, true);
        return;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  // Loop bodies without a statement count under one index past the last, which is no statement's.
  const tick = statements.length;
  for (const at of ticks)
    edits.insert(Math.abs(at), at < 0 ? `{${counter}((${tick}));` : `${counter}(${tick});`);
  return { code: edits.apply(), statements };
}
