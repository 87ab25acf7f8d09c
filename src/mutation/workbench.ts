import type { ParsedProgram } from './parse-program.ts';
import type { Site } from './sites.ts';

/** Source texts of literals found outside the program (in its statement or public tests) that it may be missing. */
export interface MutationHints {
  readonly numbers: readonly string[];
  readonly strings: readonly string[];
}

/** What an operator works with: the program, and where its edits go. */
export interface Workbench {
  readonly program: ParsedProgram;
  readonly hints: MutationHints;
  /** Replaces [start, end) of the source. */
  edit(operator: string, start: number, end: number, replacement: string): void;
}

/** An operator looks at one site and edits around it. */
export type Operator = (site: Site, bench: Workbench) => void;

/** Replaces a whole expression; `loose` says that the text binds weaker than a call and may need parentheses. */
export function replaceExpression(
  bench: Workbench,
  operator: string,
  site: Site,
  text: string,
  loose: boolean,
): void {
  const { start, end } = site.node;
  const safe = loose && !isOpen(site, bench.program.source) ? `(${text})` : text;
  // At the start of a statement such a character would be read as the continuation of the line before.
  if (/^[[({`/+-]/.test(safe) && startsStatement(site)) return;
  const before = bench.program.source[start - 1] ?? '';
  // `a-1` must not become `a--1`, nor `return'x'` `returny`.
  const glued =
    (/[-+]/.test(safe[0] ?? '') && before === safe[0]) || (isWord(before) && isWord(safe[0] ?? ''));
  bench.edit(operator, start, end, glued ? ` ${safe}` : safe);
}

/** Text of an expression as an operand of any binary operator or as the object of a member access. */
export function operandText(site: Site): string {
  return isAtomic(site) ? site.text : `(${site.text})`;
}

export function isAtomic(site: Site): boolean {
  const { node } = site;
  switch (node.type) {
    case 'Literal':
      return typeof node.value !== 'number';
    case 'Identifier':
    case 'ThisExpression':
    case 'MemberExpression':
    case 'CallExpression':
    case 'ArrayExpression':
    case 'TemplateLiteral':
      return true;
    default:
      return false;
  }
}

/** Text with the parentheses that directly surround it. */
export function outerRange(site: Site, source: string): { readonly start: number; readonly end: number } {
  let { start, end } = site.node;
  const bounds = site.parent?.node ?? { start: 0, end: source.length };
  for (;;) {
    let left = start - 1;
    while (left >= bounds.start && /\s/.test(source[left] ?? '')) left -= 1;
    let right = end;
    while (right < bounds.end && /\s/.test(source[right] ?? '')) right += 1;
    if (left < bounds.start || right >= bounds.end || source[left] !== '(' || source[right] !== ')') break;
    start = left;
    end = right + 1;
  }
  return { start, end };
}

/** True where any expression without a comma may stand as it is. */
export function isOpen(site: Site, source: string): boolean {
  const { parent, key } = site;
  if (parent === null) return false;
  if (isParenthesized(site, source)) return true;
  switch (parent.node.type) {
    case 'CallExpression':
    case 'NewExpression':
      return key === 'arguments';
    case 'MemberExpression':
      return key === 'property' && parent.node.computed;
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'VariableDeclarator':
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ArrayExpression':
    case 'SpreadElement':
    case 'TemplateLiteral':
    case 'ConditionalExpression':
    case 'SwitchCase':
    case 'SwitchStatement':
      return true;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForOfStatement':
      return key === 'right';
    case 'Property':
      return key === 'value';
    case 'ArrowFunctionExpression':
      return key === 'body';
    default:
      return false;
  }
}

function startsStatement(site: Site): boolean {
  for (let around: Site | null = site; around !== null; around = around.parent) {
    if (around.node.start !== site.node.start) return false;
    if (around.node.type === 'ExpressionStatement') return true;
  }
  return false;
}

function isParenthesized(site: Site, source: string): boolean {
  let left = site.node.start - 1;
  while (left >= 0 && /\s/.test(source[left] ?? '')) left -= 1;
  let right = site.node.end;
  while (right < source.length && /\s/.test(source[right] ?? '')) right += 1;
  return source[left] === '(' && source[right] === ')';
}

function isWord(character: string): boolean {
  return /[\w$]/.test(character);
}

/** True for expressions that stand where their value is used (no targets, declarations or property names). */
export function isValue(site: Site): boolean {
  const { node, parent, key } = site;
  if (parent === null) return false;
  switch (parent.node.type) {
    case 'AssignmentExpression':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'AssignmentPattern':
      return key === 'right';
    case 'UpdateExpression':
      return false;
    case 'UnaryExpression':
      return parent.node.operator !== 'delete' && parent.node.operator !== 'typeof';
    case 'CallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
      return key === 'arguments';
    case 'Property':
      return key === 'value' && parent.parent?.node.type === 'ObjectExpression' && !parent.node.shorthand;
    case 'ExpressionStatement':
    case 'ArrayPattern':
    case 'ObjectPattern':
    case 'RestElement':
      return false;
    case 'VariableDeclarator':
      return key === 'init';
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return key === 'body' && isExpression(site);
    case 'CatchClause':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'MethodDefinition':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
    case 'ImportExpression':
    case 'ImportDeclaration':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportSpecifier':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ChainExpression':
      return false;
    case 'PropertyDefinition':
      return key === 'value';
    case 'MemberExpression':
      return key === 'object' ? node.type !== 'Super' : parent.node.computed;
    default:
      return isExpression(site);
  }
}

export function isExpression(site: Site): boolean {
  return (
    /Expression$|Literal$|^Identifier$/.test(site.node.type) &&
    !/^(Class|ChainExpression)/.test(site.node.type)
  );
}
