import { childAt, isFunction, type Site } from '../sites.ts';
import { insertBefore, isListed } from '../statement-text.ts';
import { type Operator, replaceExpression, type Workbench } from '../workbench.ts';

const mutating = /\.(push|pop|shift|unshift|add|set|delete|forEach|splice|clear)\(/;

/** Missing returns, other results, early returns for empty input, inverted answers. */
export const returns: Operator = (site, bench) => {
  const { node } = site;
  if (node.type === 'ReturnStatement') changeReturn(site, bench);
  if (node.type === 'ExpressionStatement' && site.inside !== null && isListed(site)) addReturn(site, bench);
  if (isFunction(node)) {
    addEarlyReturn(site, bench);
    invertAnswers(site, bench);
  }
};

function changeReturn(site: Site, bench: Workbench): void {
  const value = childAt(site, 'argument');
  if (value === null) return;
  if (!/^(Object|Function|Class|Sequence)/.test(value.node.type)) {
    const { start } = site.node;
    const gap = /^return\s*/.exec(site.text)?.[0].length ?? 0;
    // What is left must not continue an unterminated statement before it.
    if (!/^[[(`/+-]/.test(site.text.slice(gap))) bench.edit('return-remove', start, start + gap, '');
  }
  const kind = bench.program.scopes.kindOf(value);
  if (value.node.type === 'Literal' || value.node.type === 'UnaryExpression') return;
  const constants: Readonly<Record<string, readonly string[]>> = {
    number: ['0', '-1', '1'],
    boolean: ['true', 'false'],
    string: ["''"],
    array: ['[]'],
    unknown: ['0', '-1', 'true', 'false', "''", '[]', 'null'],
  };
  for (const text of constants[kind] ?? []) replaceExpression(bench, 'return-constant', value, text, false);
}

function addReturn(site: Site, bench: Workbench): void {
  const value = childAt(site, 'expression');
  if (value === null || /^(Assignment|Update)/.test(value.node.type) || mutating.test(value.text)) return;
  bench.edit('return-add', site.node.start, site.node.start, 'return ');
}

/** `if (list.length === 0) return …;` as the first statement of a function. */
function addEarlyReturn(site: Site, bench: Workbench): void {
  const body = childAt(site, 'body');
  const first = body?.node.type === 'BlockStatement' ? body.children[0] : undefined;
  if (body === null || first === undefined) return;
  const results = bench.program.sites.filter(
    (other) => other.inside === site && other.node.type === 'ReturnStatement',
  );
  const kinds = new Set(
    results.map((result) => {
      const value = childAt(result, 'argument');
      return value === null ? 'unknown' : bench.program.scopes.kindOf(value);
    }),
  );
  const guess = [...kinds].filter((kind) => kind !== 'unknown');
  const values: Readonly<Record<string, readonly string[]>> = {
    number: ['0', '-1'],
    boolean: ['true', 'false'],
    string: ["''"],
    array: ['[]'],
    unknown: ['0', '[]', "''", 'false', 'null'],
  };
  for (const binding of bench.program.scopes.visibleAt(first)) {
    if (binding.declared !== 'param' || binding.owner !== site || !binding.sized) continue;
    for (const kind of guess.length === 0 ? ['unknown'] : guess) {
      for (const value of values[kind] ?? []) {
        insertBefore(bench, 'guard-return', first, `if (${binding.name}.length === 0) return ${value};`);
      }
    }
  }
}

/** Every `true` of the function becomes `false` and the other way round: the answer is the opposite. */
function invertAnswers(site: Site, bench: Workbench): void {
  const answers = bench.program.sites.filter(
    (other) =>
      other.inside === site && other.node.type === 'Literal' && typeof other.node.value === 'boolean',
  );
  const first = answers[0];
  const last = answers.at(-1);
  if (first === undefined || last === undefined || first === last) return;
  let text = '';
  let at = first.node.start;
  for (const answer of answers) {
    text += bench.program.source.slice(at, answer.node.start) + (answer.text === 'true' ? 'false' : 'true');
    at = answer.node.end;
  }
  bench.edit('boolean-invert-all', first.node.start, last.node.end, text);
}
