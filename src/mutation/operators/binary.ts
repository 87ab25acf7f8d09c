import { childAt, type Site } from '../sites.ts';
import {
  isAtomic,
  type Operator,
  operandText,
  outerRange,
  replaceExpression,
  type Workbench,
} from '../workbench.ts';

type Table = Readonly<Record<string, readonly (readonly [operator: string, to: readonly string[]])[]>>;

const relational: Table = {
  '<': [
    ['relational-boundary', ['<=']],
    ['relational-flip', ['>']],
    ['relational-negate', ['>=']],
    ['relational-equality', ['!=', '==']],
  ],
  '<=': [
    ['relational-boundary', ['<']],
    ['relational-flip', ['>=']],
    ['relational-negate', ['>']],
    ['relational-equality', ['==']],
  ],
  '>': [
    ['relational-boundary', ['>=']],
    ['relational-flip', ['<']],
    ['relational-negate', ['<=']],
    ['relational-equality', ['!=', '==']],
  ],
  '>=': [
    ['relational-boundary', ['>']],
    ['relational-flip', ['<=']],
    ['relational-negate', ['<']],
    ['relational-equality', ['==']],
  ],
  '==': [
    ['equality-negate', ['!=']],
    ['equality-relational', ['<', '>', '<=', '>=']],
    ['equality-strictness', ['===']],
  ],
  '!=': [
    ['equality-negate', ['==']],
    ['equality-relational', ['<', '>']],
    ['equality-strictness', ['!==']],
  ],
  '===': [
    ['equality-negate', ['!==']],
    ['equality-relational', ['<', '>', '<=', '>=']],
    ['equality-strictness', ['==']],
  ],
  '!==': [
    ['equality-negate', ['===']],
    ['equality-relational', ['<', '>']],
    ['equality-strictness', ['!=']],
  ],
};
const computing: Table = {
  '+': [['arithmetic', ['-', '*', '/', '%']]],
  '-': [['arithmetic', ['+', '*', '/', '%']]],
  '*': [['arithmetic', ['+', '-', '/', '%', '**']]],
  '/': [['arithmetic', ['*', '%', '-', '+']]],
  '%': [['arithmetic', ['/', '*', '-', '+']]],
  '**': [['arithmetic', ['*', '+']]],
  '&': [['bitwise', ['|', '^', '&&']]],
  '|': [['bitwise', ['&', '^', '||']]],
  '^': [['bitwise', ['|', '&', '**']]],
  '<<': [['bitwise', ['>>']]],
  '>>': [['bitwise', ['<<', '>>>']]],
  '>>>': [['bitwise', ['>>', '<<']]],
  '&&': [['logical', ['||']]],
  '||': [['logical', ['&&']]],
  '??': [],
};

/** Operators of binary and logical expressions, and their operands dropped, swapped and regrouped. */
export const binary: Operator = (site, bench) => {
  const { node } = site;
  if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression') return;
  const left = childAt(site, 'left');
  const right = childAt(site, 'right');
  if (left === null || right === null || node.operator === 'in' || node.operator === 'instanceof') return;
  changeOperator(site, left, right, node.operator, bench);
  dropOperand(site, left, right, node.operator, bench);
  swapOperands(left, right, node.operator, bench);
  regroup(site, left, right, node.operator, bench);
};

function changeOperator(site: Site, left: Site, right: Site, operator: string, bench: Workbench): void {
  const { source, scopes } = bench.program;
  const start = source.indexOf(operator, outerRange(left, source).end);
  const end = start + operator.length;
  if (start < 0 || end > right.node.start) return;
  const text = scopes.kindOf(left) === 'string' || scopes.kindOf(right) === 'string';
  for (const [name, targets] of relational[operator] ?? computing[operator] ?? []) {
    for (const target of targets) {
      // A name added to `+` on strings gives NaN, never what was meant.
      if (text && name === 'arithmetic' && operator === '+') continue;
      if (target === '**' && !isAtomic(left)) continue;
      if ((target === '&&' || target === '||') && mixesWithCoalescing(site, left, right)) continue;
      const next = source[end] ?? '';
      const glued = next !== '' && (target.endsWith(next) || (target === '/' && next === '*'));
      const strict =
        /[=!]==/.test(operator) && (target === '!=' || target === '==') && name === 'relational-equality';
      bench.edit(name, start, end, `${strict ? `${target}=` : target}${glued ? ' ' : ''}`);
    }
  }
}

function dropOperand(site: Site, left: Site, right: Site, operator: string, bench: Workbench): void {
  if (operator in relational) return;
  const { source } = bench.program;
  const name = operator === '&&' || operator === '||' ? 'condition-drop' : 'operand-drop';
  const keptLeft = outerRange(left, source);
  const keptRight = outerRange(right, source);
  bench.edit(name, keptLeft.end, site.node.end, '');
  const text = source.slice(keptRight.start, keptRight.end);
  if (!(site.parent?.node.type === 'ExpressionStatement' && /^[{f]/.test(text))) {
    bench.edit(name, site.node.start, keptRight.start, '');
  }
}

function swapOperands(left: Site, right: Site, operator: string, bench: Workbench): void {
  if (!/^([-/%]|\*\*|<<|>>|>>>)$/.test(operator)) return;
  if (operator === '**' && !isAtomic(right)) return;
  const { source } = bench.program;
  const first = outerRange(left, source);
  const second = outerRange(right, source);
  const middle = source.slice(first.end, second.start);
  const bare = (site: Site, range: { readonly start: number }): string =>
    range.start === site.node.start && site.node.type !== 'Literal'
      ? operandText(site)
      : source.slice(range.start, outerRange(site, source).end);
  const newLeft = bare(right, second);
  const newRight = bare(left, first);
  bench.edit('operand-swap', first.start, second.end, `${newLeft}${middle}${newRight}`);
}

/** `a + b * c` to `(a + b) * c` and back; the left and the right neighbour alike. */
function regroup(site: Site, left: Site, right: Site, operator: string, bench: Workbench): void {
  if (operator in relational || operator === '&&' || operator === '||' || operator === '??') {
    regroupLogical(site, left, right, operator, bench);
    return;
  }
  const { source } = bench.program;
  for (const [inner, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (inner.node.type !== 'BinaryExpression') continue;
    const range = outerRange(inner, source);
    const bare = range.start === inner.node.start;
    const near = childAt(inner, inner === left ? 'right' : 'left');
    if (near === null) continue;
    if (!bare) {
      // (a + b) * c  ->  a + b * c
      const glued = /[\w$]/.test(source[range.start - 1] ?? '') ? ' ' : '';
      bench.edit('regroup', range.start, range.end, `${glued}${inner.text}`);
      continue;
    }
    // a * b + c  ->  a * (b + c); the operator stays, the pairs change.
    const nearRange = outerRange(near, source);
    const otherRange = outerRange(other, source);
    const start = Math.min(nearRange.start, otherRange.start);
    const end = Math.max(nearRange.end, otherRange.end);
    bench.edit('regroup', start, end, `(${source.slice(start, end)})`);
  }
}

function regroupLogical(site: Site, left: Site, right: Site, operator: string, bench: Workbench): void {
  if (operator !== '&&' || mixesWithCoalescing(site, left, right)) return;
  const { source } = bench.program;
  const parent = site.parent;
  if (parent?.node.type !== 'LogicalExpression' || parent.node.operator !== '||') return;
  if (outerRange(site, source).start !== site.node.start) return;
  const other = childAt(parent, site.key === 'left' ? 'right' : 'left');
  if (other === null) return;
  const near = outerRange(site.key === 'left' ? right : left, source);
  const far = outerRange(other, source);
  const start = Math.min(near.start, far.start);
  const end = Math.max(near.end, far.end);
  bench.edit('regroup', start, end, `(${source.slice(start, end)})`);
}

function mixesWithCoalescing(site: Site, left: Site, right: Site): boolean {
  return [site, site.parent, left, right].some(
    (near) => near?.node.type === 'LogicalExpression' && near.node.operator === '??',
  );
}

/** `x` to `x + 1` and `x - 1` where a value is a bound, an index, a length or a result. */
export const offset: Operator = (site, bench) => {
  const { node, parent, key } = site;
  if (parent === null || !/^(Identifier|MemberExpression|CallExpression)$/.test(node.type)) return;
  const kind = bench.program.scopes.kindOf(site);
  if (kind !== 'number' && kind !== 'unknown') return;
  const bound = parent.node.type === 'BinaryExpression' && /^[<>]=?$/.test(parent.node.operator);
  const index = parent.node.type === 'MemberExpression' && key === 'property' && parent.node.computed;
  const factor = parent.node.type === 'BinaryExpression' && /^[*/%]$/.test(parent.node.operator);
  const argument = parent.node.type === 'CallExpression' && key === 'arguments';
  const compared = parent.node.type === 'BinaryExpression' && /^[=!]==?$/.test(parent.node.operator);
  const value =
    parent.node.type === 'ReturnStatement' ||
    (parent.node.type === 'ArrowFunctionExpression' && key === 'body') ||
    (parent.node.type === 'VariableDeclarator' && key === 'init') ||
    (parent.node.type === 'AssignmentExpression' && key === 'right');
  if (kind === 'unknown' && !(bound || index || factor)) return;
  if (!(bound || index || factor || argument || compared || value)) return;
  const role = bound ? 'bound' : index ? 'index' : factor ? 'factor' : argument ? 'argument' : 'value';
  for (const change of ['+ 1', '- 1']) {
    replaceExpression(bench, `offset-${role}`, site, `${site.text} ${change}`, !(bound || compared));
  }
};
