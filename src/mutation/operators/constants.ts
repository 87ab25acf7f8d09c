import { childrenAt, type Site } from '../sites.ts';
import { isValue, type Operator, outerRange, replaceExpression, type Workbench } from '../workbench.ts';

/** Numbers, strings, booleans, array elements and regular-expression flags. */
export const constants: Operator = (site, bench) => {
  const { node } = site;
  if (node.type === 'ArrayExpression') changeArray(site, bench);
  const number = numberOf(site);
  if (number !== null) changeNumber(site, number, bench);
  if (node.type !== 'Literal' || isName(site)) return;
  if (typeof node.value === 'boolean') {
    replaceExpression(bench, 'boolean', site, String(!node.value), false);
  } else if (typeof node.value === 'string') {
    changeString(site, node.value, bench);
  } else if (node.regex) {
    const { pattern, flags } = node.regex;
    for (const flag of ['g', 'i']) {
      const toggled = flags.includes(flag) ? flags.replace(flag, '') : flags + flag;
      replaceExpression(bench, 'regex-flag', site, `/${pattern}/${toggled}`, false);
    }
  }
};

/** Value of a number literal with its sign; null elsewhere, also for the literal inside `-1`. */
function numberOf(site: Site): number | null {
  const { node, parent } = site;
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    return node.argument.type === 'Literal' && typeof node.argument.value === 'number'
      ? -node.argument.value
      : null;
  }
  if (node.type !== 'Literal' || typeof node.value !== 'number' || isName(site)) return null;
  return parent?.node.type === 'UnaryExpression' && parent.node.operator === '-' ? null : node.value;
}

function isName({ parent, key }: Site): boolean {
  if (parent === null) return true;
  const { node } = parent;
  if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
    return key === 'key' && !node.computed;
  }
  if (node.type === 'ExpressionStatement') return true;
  return (
    key === 'source' ||
    /^(Import|Export)/.test(node.type) ||
    (node.type === 'MemberExpression' && key === 'object')
  );
}

function changeNumber(site: Site, value: number, bench: Workbench): void {
  const { parent, key } = site;
  const base = parent?.node.type === 'BinaryExpression' && parent.node.operator === '**' && key === 'left';
  const put = (operator: string, next: number): void => {
    if (next === value || !Number.isFinite(next) || (base && next < 0)) return;
    replaceExpression(bench, operator, site, Object.is(next, -0) ? '0' : String(next), false);
  };
  const initial = parent?.node.type === 'VariableDeclarator' || parent?.node.type === 'AssignmentExpression';
  const small = initial ? 'initial-value' : 'number-small';
  put('number-step', value + 1);
  put('number-step', value - 1);
  if (Number.isInteger(value)) {
    for (const next of [0, 1, -1, 2]) put(small, next);
  } else {
    put('number-small', Math.trunc(value));
    put('number-small', Math.round(value));
  }
  if (initial) {
    for (const text of ['Infinity', '-Infinity'])
      replaceExpression(bench, 'initial-value', site, text, false);
  }
  if (value !== 0) {
    if (!base) put('number-sign', -value);
    for (const factor of [2, 10]) {
      put('number-scale', value * factor);
      if (value % factor === 0) put('number-scale', value / factor);
    }
  }
  const known = new Set<number>();
  for (const other of bench.program.sites) {
    const number = numberOf(other);
    if (number !== null) known.add(number);
  }
  for (const number of known) put('number-known', number);
  for (const text of bench.hints.numbers) put('number-hint', Number(text));
}

function changeString(site: Site, value: string, bench: Workbench): void {
  const quote = site.text[0] === '"' ? '"' : "'";
  const seen = new Set([value]);
  const put = (operator: string, next: string): void => {
    if (seen.has(next)) return;
    seen.add(next);
    replaceExpression(bench, operator, site, quoted(next, quote), false);
  };
  put('string-empty', '');
  if (value === '') put('string-blank', ' ');
  put('string-trim', value.trim());
  if (value.length > 1) {
    put('string-shorten', value.slice(1));
    put('string-shorten', value.slice(0, -1));
    for (const [at, character] of [...value].entries()) {
      if (at > 0 && at < 12 && value[at - 1] === character)
        put('string-shorten', value.slice(0, at) + value.slice(at + 1));
    }
  }
  if (value.length > 0) put('string-double', value + value.slice(-1));
  put('string-case', value.toLowerCase());
  put('string-case', value.toUpperCase());
  if (value.length > 0) put('string-case', value[0]?.toUpperCase() + value.slice(1));
  const opposite: Readonly<Record<string, string>> = {
    '(': ')',
    ')': '(',
    '[': ']',
    ']': '[',
    '<': '>',
    '>': '<',
    '{': '}',
    '}': '{',
    ',': ' ',
    ' ': ',',
    '0': '1',
    '1': '0',
  };
  const counterpart = opposite[value];
  if (counterpart !== undefined) put('string-opposite', counterpart);
  for (const { node } of bench.program.sites) {
    if (node.type === 'Literal' && typeof node.value === 'string') put('string-known', node.value);
  }
  for (const text of bench.hints.strings) put('string-hint', text);
}

function quoted(value: string, quote: string): string {
  const text = JSON.stringify(value);
  return quote === '"' ? text : `'${text.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function changeArray(site: Site, bench: Workbench): void {
  const { source } = bench.program;
  const elements = childrenAt(site, 'elements');
  // A hole has no node; dropping around it would shift the others.
  if (site.node.type !== 'ArrayExpression' || site.node.elements.length !== elements.length || !isValue(site))
    return;
  const ranges = elements.slice(0, 16).map((element) => outerRange(element, source));
  ranges.forEach((range, at) => {
    const next = ranges[at + 1];
    const previous = ranges[at - 1];
    if (next !== undefined) bench.edit('array-drop', range.start, next.start, '');
    else bench.edit('array-drop', previous?.end ?? range.start, range.end, '');
    if (next === undefined) return;
    const first = source.slice(range.start, range.end);
    const second = source.slice(next.start, next.end);
    bench.edit('array-swap', range.start, next.end, second + source.slice(range.end, next.start) + first);
  });
  if (elements.length === 0) {
    for (const text of ['[0]', '[1]', "['']"]) replaceExpression(bench, 'initial-value', site, text, false);
  }
}
