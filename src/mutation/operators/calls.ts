import { childAt, childrenAt, type Site } from '../sites.ts';
import {
  isValue,
  type Operator,
  operandText,
  outerRange,
  replaceExpression,
  type Workbench,
} from '../workbench.ts';

const families: readonly (readonly string[])[] = [
  ['push', 'unshift'],
  ['pop', 'shift'],
  ['slice', 'splice', 'substring', 'substr'],
  ['floor', 'ceil', 'round', 'trunc'],
  ['min', 'max'],
  ['toUpperCase', 'toLowerCase'],
  ['indexOf', 'lastIndexOf'],
  ['every', 'some'],
  ['map', 'filter', 'forEach'],
  ['find', 'findIndex', 'filter'],
  ['startsWith', 'endsWith', 'includes'],
  ['padStart', 'padEnd'],
  ['trimStart', 'trimEnd', 'trim'],
  ['charCodeAt', 'charAt'],
  ['reduce', 'reduceRight'],
  ['replace', 'replaceAll'],
  ['keys', 'values', 'entries'],
  ['add', 'delete'],
  ['parseInt', 'parseFloat', 'Number'],
  ['sqrt', 'cbrt'],
  ['log', 'log2', 'log10'],
];
const converters = /^(Number|String|parseInt|parseFloat|Boolean|BigInt)$/;
const unwrappable = /^(abs|floor|ceil|round|trunc|sqrt)$/;
const droppable =
  /^(reverse|sort|trim|toLowerCase|toUpperCase|slice|filter|map|toString|concat|flat|replace|trimStart|trimEnd)$/;

/** Another function of the same family; arguments swapped, dropped or repeated; calls unwrapped and added. */
export const calls: Operator = (site, bench) => {
  const { node } = site;
  if (node.type === 'NewExpression') dropArguments(site, bench);
  if (node.type !== 'CallExpression' || node.optional) return;
  const callee = childAt(site, 'callee');
  if (callee === null) return;
  const args = childrenAt(site, 'arguments');
  const name = callee.node.type === 'MemberExpression' ? childAt(callee, 'property') : callee;
  if (name?.node.type === 'Identifier') {
    for (const family of families) {
      if (!family.includes(name.text)) continue;
      for (const other of family) bench.edit('call-swap', name.node.start, name.node.end, other);
    }
    unwrap(site, callee, name.text, args, bench);
  }
  swapArguments(args, bench);
  dropArguments(site, bench);
  const only = args[0];
  if (callee.node.type === 'Identifier' && args.length === 1 && only !== undefined && isValue(site)) {
    replaceExpression(bench, 'call-repeat', site, `${callee.text}(${site.text})`, false);
  }
  if (only !== undefined && args.length === 1 && callee.node.type === 'MemberExpression') {
    if (/^(min|max)$/.test(name?.text ?? '')) {
      if (only.node.type === 'SpreadElement') bench.edit('spread', only.node.start, only.node.start + 3, '');
      else if (bench.program.source.slice(callee.node.end, only.node.start) === '(') {
        bench.edit('spread', only.node.start, only.node.start, '...');
      }
    }
  }
  if (name?.text === 'sort' && args.length === 0 && callee.node.type === 'MemberExpression') {
    for (const order of ['a - b', 'b - a']) {
      bench.edit('sort-comparator', callee.node.end, site.node.end, `((a, b) => ${order})`);
    }
  }
};

function unwrap(site: Site, callee: Site, name: string, args: readonly Site[], bench: Workbench): void {
  const only = args[0];
  if (callee.node.type === 'Identifier') {
    if (converters.test(name) && only !== undefined && only.node.type !== 'SpreadElement') {
      replaceExpression(bench, 'call-remove', site, operandText(only), false);
    }
    return;
  }
  const object = childAt(callee, 'object');
  if (object === null) return;
  if (object.text === 'Math') {
    if (unwrappable.test(name) && only !== undefined) {
      replaceExpression(bench, 'call-remove', site, operandText(only), false);
    }
  } else if (droppable.test(name)) {
    bench.edit('call-remove', outerRange(object, bench.program.source).end, site.node.end, '');
  }
}

function swapArguments(args: readonly Site[], bench: Workbench): void {
  const { source } = bench.program;
  args.forEach((first, at) => {
    const second = args[at + 1];
    if (second === undefined || /^(Arrow|Function)/.test(first.node.type)) return;
    const left = outerRange(first, source);
    const right = outerRange(second, source);
    const middle = source.slice(left.end, right.start);
    bench.edit(
      'argument-swap',
      left.start,
      right.end,
      source.slice(right.start, right.end) + middle + source.slice(left.start, left.end),
    );
  });
}

function dropArguments(site: Site, bench: Workbench): void {
  const { source } = bench.program;
  const args = childrenAt(site, 'arguments');
  const last = args.at(-1);
  if (last === undefined || /^(Arrow|Function|Sequence)/.test(last.node.type)) return;
  const before = args.at(-2);
  const callee = childAt(site, 'callee');
  if (callee === null) return;
  const opening = source.indexOf('(', outerRange(callee, source).end) + 1;
  const start = before === undefined ? opening : outerRange(before, source).end;
  bench.edit('argument-drop', start, site.node.end - 1, '');
}

/** A value wrapped in a function or a method call of its kind. */
export const wrapping: Operator = (site, bench) => {
  const { node, parent } = site;
  if (!isValue(site) || parent === null || site.key === 'callee') return;
  if (!/^(Identifier|MemberExpression|CallExpression|BinaryExpression|ArrayExpression)$/.test(node.type))
    return;
  if (parent.node.type === 'MemberExpression' && site.key === 'object' && node.type !== 'Identifier') return;
  const kind = bench.program.scopes.kindOf(site);
  const put = (operator: string, text: string): void => replaceExpression(bench, operator, site, text, false);
  const operand = operandText(site);
  const prefix = parent.node.type === 'CallExpression' && parent.node.callee.type !== 'Identifier';
  if (kind === 'number' || kind === 'unknown') {
    if (node.type === 'BinaryExpression' && /^[-+]$/.test(node.operator))
      put('wrap-abs', `Math.abs(${site.text})`);
    else if (kind === 'number' && node.type !== 'BinaryExpression')
      put('wrap-abs-other', `Math.abs(${site.text})`);
    if (node.type === 'BinaryExpression' && node.operator === '/') {
      for (const name of ['floor', 'ceil', 'round', 'trunc']) put('wrap-round', `Math.${name}(${site.text})`);
    }
    if (/^(ReturnStatement|ArrowFunctionExpression)$/.test(parent.node.type)) {
      put('wrap-round-other', `Math.floor(${site.text})`);
      replaceExpression(bench, 'sign-add', site, `-${operand}`, true);
    }
  }
  if (
    node.type !== 'BinaryExpression' &&
    node.type !== 'ArrayExpression' &&
    kind !== 'number' &&
    kind !== 'boolean'
  ) {
    if (kind !== 'array' && !prefix) put('wrap-number', `Number(${site.text})`);
  }
  if (kind === 'number' && /^(ReturnStatement|BinaryExpression)$/.test(parent.node.type)) {
    put('wrap-string', `String(${site.text})`);
  }
  if (kind === 'string' || kind === 'unknown') {
    for (const method of ['toLowerCase()', 'toUpperCase()', 'trim()'])
      put('method-add-text', `${operand}.${method}`);
  }
  if (kind === 'array' || kind === 'unknown') {
    const made = node.type === 'CallExpression' || node.type === 'ArrayExpression';
    const returned = parent.node.type === 'ReturnStatement';
    const operator = made || returned ? 'method-add-list' : 'method-add-list-other';
    if (node.type === 'BinaryExpression') return;
    for (const method of ['sort()', 'sort((a, b) => a - b)', 'reverse()', 'slice(1)', 'slice(0, -1)']) {
      put(operator, `${operand}.${method}`);
    }
    put('wrap-set', `[...new Set(${site.text})]`);
  }
};
