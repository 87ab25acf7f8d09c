import { childAt, type Site } from '../sites.ts';
import { namesOf } from '../statement-text.ts';
import {
  isAtomic,
  type Operator,
  operandText,
  outerRange,
  replaceExpression,
  type Workbench,
} from '../workbench.ts';

/** Conditions negated, fixed, taken from elsewhere in the function; `!` removed; branches swapped. */
export const conditions: Operator = (site, bench) => {
  const { node, parent, key } = site;
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const argument = childAt(site, 'argument');
    if (argument !== null) {
      bench.edit('negation-remove', node.start, outerRange(argument, bench.program.source).start, '');
    }
  }
  if (node.type === 'ConditionalExpression') changeTernary(site, bench);
  if (parent === null) return;
  if (key === 'test' && parent.node.type !== 'SwitchCase') changeTest(site, parent, bench);
  else if (isBooleanResult(site, bench) && !/^(UnaryExpression|Literal)$/.test(node.type)) {
    replaceExpression(bench, 'negation-add', site, `!${operandText(site)}`, true);
  }
  if (parent.node.type === 'LogicalExpression' && isAtomic(site)) {
    replaceExpression(bench, 'negation-add', site, `!${site.text}`, false);
  }
};

function changeTest(site: Site, parent: Site, bench: Workbench): void {
  const { node } = site;
  const loop = parent.node.type !== 'IfStatement' && parent.node.type !== 'ConditionalExpression';
  if (node.type !== 'Literal') {
    const simple = node.type === 'BinaryExpression' && /^([<>]=?|[=!]==?)$/.test(node.operator);
    // A comparison negates by its own operator.
    if (!simple && node.type !== 'UnaryExpression') {
      replaceExpression(bench, 'negation-add', site, `!${operandText(site)}`, true);
    }
    replaceExpression(bench, loop ? 'loop-condition-constant' : 'condition-constant', site, 'false', false);
    if (!loop) replaceExpression(bench, 'condition-constant', site, 'true', false);
  }
  if (mixes(node)) return;
  for (const other of bench.program.sites) {
    if (other === site || other.key !== 'test' || other.inside !== site.inside || other.text.length > 60)
      continue;
    if (mixes(other.node) || other.node.type === 'Literal') continue;
    if (!usable(other, site, bench)) continue;
    replaceExpression(bench, 'condition-copy', site, other.text, true);
    if (loop) continue;
    for (const operator of ['&&', '||']) {
      const joined = `${logicalOperand(site, operator)} ${operator} ${logicalOperand(other, operator)}`;
      replaceExpression(bench, 'condition-add', site, joined, true);
    }
  }
}

function logicalOperand(site: Site, operator: string): string {
  const { node } = site;
  const weak =
    node.type === 'ConditionalExpression' ||
    node.type === 'AssignmentExpression' ||
    node.type === 'SequenceExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    (node.type === 'LogicalExpression' && node.operator !== operator);
  return weak ? `(${site.text})` : site.text;
}

function mixes(node: Site['node']): boolean {
  return node.type === 'LogicalExpression' && node.operator === '??';
}

/** Every name in the copied text is known at the place it goes to. */
function usable(copied: Site, place: Site, bench: Workbench): boolean {
  const visible = new Set(bench.program.scopes.visibleAt(place).map(({ name }) => name));
  return namesOf(copied, bench.program.scopes).every((name) => visible.has(name));
}

function isBooleanResult(site: Site, bench: Workbench): boolean {
  const { parent, key } = site;
  const result =
    parent?.node.type === 'ReturnStatement' ||
    (parent?.node.type === 'ArrowFunctionExpression' && key === 'body');
  return result && bench.program.scopes.kindOf(site) === 'boolean';
}

function changeTernary(site: Site, bench: Workbench): void {
  const yes = childAt(site, 'consequent');
  const no = childAt(site, 'alternate');
  if (yes === null || no === null) return;
  const { source } = bench.program;
  const first = outerRange(yes, source);
  const second = outerRange(no, source);
  const firstText = source.slice(first.start, first.end);
  const secondText = source.slice(second.start, second.end);
  bench.edit(
    'branch-swap',
    first.start,
    second.end,
    secondText + source.slice(first.end, second.start) + firstText,
  );
  replaceExpression(bench, 'ternary-drop', site, firstText, !isAtomic(yes));
  replaceExpression(bench, 'ternary-drop', site, secondText, !isAtomic(no));
}
