import type { AnyNode, CallExpression, Expression, Program } from 'acorn';
import { childrenOf, suspends } from './ast-node.ts';
import { createTextEdits } from './text-edits.ts';

/** What is known of one assertion from its source. */
export interface AssertSite {
  readonly input: string;
  /** Source of the expected side, or what a truth assertion wants. */
  readonly expected: string;
  readonly operator: string;
  /** Both sides are `JSON.stringify(…)`: their texts are shown as they are. */
  readonly raw: boolean;
}

export interface RewrittenScript {
  readonly code: string;
  readonly sites: readonly AssertSite[];
  /** The script awaits at its top level. */
  readonly isAsync: boolean;
}

const comparisons: Readonly<Record<string, string>> = {
  equal: '==',
  notEqual: '!=',
  strictEqual: 'is',
  notStrictEqual: '!==',
  deepEqual: 'deep',
  deepStrictEqual: 'deep',
  notDeepEqual: 'notDeep',
  notDeepStrictEqual: 'notDeep',
};

interface Found {
  readonly operator: string | null;
  readonly parts: readonly [Expression] | readonly [Expression, Expression];
}

const isName = (node: AnyNode, name: string): boolean => node.type === 'Identifier' && node.name === name;

function memberOf(node: AnyNode, object: string): string | null {
  if (node.type !== 'MemberExpression' || node.computed || node.optional) return null;
  return isName(node.object, object) && node.property.type === 'Identifier' ? node.property.name : null;
}

function recognize(call: CallExpression, ownAssert: boolean): Found | null {
  const [first, second] = call.arguments;
  if (first === undefined || first.type === 'SpreadElement') return null;
  const method = ownAssert ? null : memberOf(call.callee, 'assert');
  const operator = method === null ? undefined : comparisons[method];
  if (operator !== undefined) {
    return second === undefined || second.type === 'SpreadElement'
      ? null
      : { operator, parts: [first, second] };
  }
  const truth =
    memberOf(call.callee, 'console') === 'assert' ||
    method === 'ok' ||
    (!ownAssert && isName(call.callee, 'assert'));
  if (!truth) return null;
  const compares = first.type === 'BinaryExpression' && /^[!=]==?$/u.test(first.operator);
  return compares && first.left.type !== 'PrivateIdentifier'
    ? { operator: first.operator, parts: [first.left, first.right] }
    : { operator: null, parts: [first] };
}

const isStringify = (node: Expression): node is CallExpression =>
  node.type === 'CallExpression' && memberOf(node.callee, 'JSON') === 'stringify';

function siteOf(source: string, { operator, parts: [left, right] }: Found): AssertSite {
  const text = (node: AnyNode): string => source.slice(node.start, node.end);
  if (operator === null || right === undefined) {
    return { input: text(left), expected: 'a truthy value', operator: 'truth', raw: false };
  }
  const raw = isStringify(left) && isStringify(right);
  const inner = (node: Expression): AnyNode =>
    raw && isStringify(node) ? (node.arguments[0] ?? node) : node;
  return { input: text(inner(left)), expected: text(inner(right)), operator, raw };
}

/**
 * Turns the assertions of a test script into calls of `tests` with thunks, so that both sides of a comparison are seen,
 * each is evaluated once, and one that throws does not end the script. Everything else in the script stays as it is.
 */
export function rewriteAsserts(source: string, program: Program, tests: string): RewrittenScript {
  const edits = createTextEdits(source);
  const sites: AssertSite[] = [];
  const ownAssert = declares(program, 'assert');

  const visit = (node: AnyNode): void => {
    const found = node.type === 'CallExpression' ? recognize(node, ownAssert) : null;
    const yields = found?.parts.some((part) => suspends(part, 'YieldExpression')) ?? false;
    if (found === null || yields) {
      for (const child of childrenOf(node)) visit(child);
      return;
    }
    const [left, right] = found.parts;
    const later = found.parts.some((part) => suspends(part, 'AwaitExpression'));
    const thunk = later ? 'async()=>(' : '()=>(';
    const method = `${right === undefined ? 'check' : 'compare'}${later ? 'Later' : ''}`;
    const index = sites.push(siteOf(source, found)) - 1;
    const open = later ? '(await ' : '';
    edits.replace(node.start, left.start, `${open}${tests}.${method}(${index},${thunk}`);
    visit(left);
    let last = left;
    if (right !== undefined) {
      edits.replace(left.end, right.start, `),${thunk}`);
      visit(right);
      last = right;
    }
    edits.replace(last.end, node.end, later ? ')))' : '))');
  };
  for (const statement of program.body) {
    const tracked = statement.type === 'ExpressionStatement' && statement.directive === undefined;
    if (!tracked) {
      visit(statement);
      continue;
    }
    edits.insert(statement.start, `;${tests}.track((`);
    visit(statement.expression);
    const hasSemicolon = source[statement.end - 1] === ';';
    edits.replace(hasSemicolon ? statement.end - 1 : statement.end, statement.end, '));');
  }
  return {
    code: edits.apply(),
    sites,
    isAsync: program.body.some((node) => suspends(node, 'AwaitExpression')),
  };
}

/** Whether the script has its own function or variable of this name, other than the assertion module. */
function declares(node: AnyNode, name: string): boolean {
  if (node.type === 'FunctionDeclaration' && node.id !== null && isName(node.id, name)) return true;
  if (node.type === 'VariableDeclarator' && isName(node.id, name)) {
    const { init } = node;
    return !(init?.type === 'CallExpression' && isName(init.callee, 'require'));
  }
  return childrenOf(node).some((child) => declares(child, name));
}
