import { childAt } from '../sites.ts';
import { type Operator, outerRange, replaceExpression } from '../workbench.ts';

const assignments: Readonly<Record<string, readonly string[]>> = {
  '=': ['+=', '-=', '*='],
  '+=': ['-=', '=', '*='],
  '-=': ['+=', '=', '/='],
  '*=': ['+=', '/=', '='],
  '/=': ['*=', '-=', '%='],
  '%=': ['/=', '-=', '='],
  '**=': ['*='],
  '&=': ['|=', '^='],
  '|=': ['&=', '^='],
  '^=': ['|=', '&='],
  '<<=': ['>>='],
  '>>=': ['<<='],
  '>>>=': ['>>='],
};

/** Assignment operators, `++` and `--`, and signs. */
export const assignment: Operator = (site, bench) => {
  const { node } = site;
  const { source } = bench.program;
  if (node.type === 'AssignmentExpression') {
    const target = childAt(site, 'left');
    const value = childAt(site, 'right');
    if (target === null || value === null || /Pattern$/.test(target.node.type)) return;
    const start = source.indexOf(node.operator, outerRange(target, source).end);
    if (start < 0 || start > value.node.start) return;
    for (const operator of assignments[node.operator] ?? []) {
      bench.edit('assignment', start, start + node.operator.length, operator);
    }
  } else if (node.type === 'UpdateExpression') {
    const start = node.prefix ? node.start : node.end - 2;
    bench.edit('update', start, start + 2, node.operator === '++' ? '--' : '++');
    const argument = childAt(site, 'argument');
    if (argument === null) return;
    const sign = node.operator[0];
    if (site.parent?.node.type === 'ExpressionStatement' || site.key === 'update') {
      bench.edit('update-step', node.start, node.end, `${argument.text} ${sign}= 2`);
    } else {
      const flipped = node.prefix ? `${argument.text}${node.operator}` : `${node.operator}${argument.text}`;
      replaceExpression(bench, 'update-order', site, flipped, false);
    }
  } else if (node.type === 'UnaryExpression' && (node.operator === '-' || node.operator === '~')) {
    const argument = childAt(site, 'argument');
    if (argument === null) return;
    const range = outerRange(argument, source);
    bench.edit('sign-remove', node.start, range.start, '');
  }
};
