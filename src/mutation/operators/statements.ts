import { childAt, childrenAt, type Site } from '../sites.ts';
import {
  closed,
  indentAt,
  insertAfter,
  insertBefore,
  isListed,
  isSimple,
  namesOf,
  neighbours,
  wholeLines,
} from '../statement-text.ts';
import type { Operator, Workbench } from '../workbench.ts';

/** Statements removed, doubled, swapped, moved across the edge of a block, unwrapped and guarded. */
export const statements: Operator = (site, bench) => {
  if (!/Statement$/.test(site.node.type) || site.node.type === 'BlockStatement' || site.parent === null)
    return;
  if (site.node.type === 'IfStatement') changeIf(site, bench);
  remove(site, bench);
  jump(site, bench);
  if (!isListed(site)) return;
  if (site.node.type === 'ExpressionStatement' && isSimple(site)) {
    insertAfter(bench, 'statement-double', site, closed(site));
  }
  swapWithNext(site, bench);
  moveAcrossEdges(site, bench);
  guard(site, bench);
};

function remove(site: Site, bench: Workbench): void {
  const { source } = bench.program;
  if (site.node.type === 'EmptyStatement' || isDirective(site)) return;
  if (isListed(site)) {
    const { start, end } = wholeLines(site, source);
    bench.edit('statement-remove', start, end, '');
  } else if (site.key === 'alternate') {
    const yes = childAt(site.parent ?? site, 'consequent');
    if (yes !== null) bench.edit('else-remove', yes.node.end, site.node.end, '');
  } else if (site.node.type !== 'LabeledStatement') {
    bench.edit('statement-remove', site.node.start, site.node.end, '{}');
  }
}

function isDirective(site: Site): boolean {
  return site.node.type === 'ExpressionStatement' && site.node.directive !== undefined;
}

function jump(site: Site, bench: Workbench): void {
  const { node } = site;
  if (node.type === 'BreakStatement' && node.label === null && site.loop !== null && !inSwitch(site)) {
    bench.edit('jump-swap', node.start, node.start + 'break'.length, 'continue');
  } else if (node.type === 'ContinueStatement' && node.label === null) {
    bench.edit('jump-swap', node.start, node.start + 'continue'.length, 'break');
  }
}

function inSwitch(site: Site): boolean {
  for (let around = site.parent; around !== null && around !== site.loop; around = around.parent) {
    if (around.node.type === 'SwitchStatement') return true;
  }
  return false;
}

function changeIf(site: Site, bench: Workbench): void {
  const { source } = bench.program;
  const yes = childAt(site, 'consequent');
  const no = childAt(site, 'alternate');
  if (yes === null) return;
  if (no === null) {
    if (isListed(site) && yes.node.type === 'BlockStatement') {
      bench.edit('if-remove', site.node.start, yes.node.start, '');
    } else if (isListed(site)) bench.edit('if-remove', site.node.start, site.node.end, yes.text);
  } else if (no.node.type === 'BlockStatement') {
    bench.edit('else-empty', no.node.start + 1, no.node.end - 1, '');
  }
  if (no !== null && isListed(site) && no.node.type === 'IfStatement') {
    const start = source.indexOf('else', yes.node.end);
    if (start >= 0 && start < no.node.start) bench.edit('else-split', start, no.node.start, '');
  } else if (no !== null && no.node.type === 'IfStatement') {
    const start = source.indexOf('else', yes.node.end);
    const { next } = neighbours(site);
    if (
      start >= 0 &&
      start < no.node.start &&
      next === null &&
      yes.node.type === 'BlockStatement' &&
      isListed(site)
    ) {
      bench.edit('else-split', start, no.node.start, '');
    }
  }
  const { next } = neighbours(site);
  if (isListed(site) && next !== null && no === null) {
    if (next.node.type === 'IfStatement') bench.edit('else-join', next.node.start, next.node.start, 'else ');
    else if (isSimple(next)) bench.edit('else-join', next.node.start, next.node.start, 'else ');
  }
}

function swapWithNext(site: Site, bench: Workbench): void {
  const { next } = neighbours(site);
  if (next === null || isDirective(site) || !/Statement$/.test(next.node.type)) return;
  const between = bench.program.source.slice(site.node.end, next.node.start);
  bench.edit('statement-swap', site.node.start, next.node.end, closed(next) + between + closed(site));
}

/** Last and first statement of a body moved out of it; the statement after or before a block moved into it. */
function moveAcrossEdges(site: Site, bench: Workbench): void {
  const { source } = bench.program;
  for (const body of site.children) {
    if (body.node.type !== 'BlockStatement') continue;
    const inner = childrenAt(body, 'body');
    const first = inner[0];
    const last = inner.at(-1);
    const indent = indentAt(source, site.node.start);
    const deeper = first === undefined ? `${indent}  ` : indentAt(source, first.node.start);
    if (last !== undefined && movable(last) && site.node.end === body.node.end) {
      const cut = wholeLines(last, source);
      const kept = source.slice(cut.end, site.node.end);
      bench.edit('statement-move-out', cut.start, site.node.end, `${kept}\n${indent}${closed(last)}`);
    }
    if (first !== undefined && movable(first) && first !== last) {
      const cut = wholeLines(first, source);
      const kept = source.slice(site.node.start, cut.start);
      bench.edit('statement-move-out', site.node.start, cut.end, `${closed(first)}\n${indent}${kept}`);
    }
    const { next, previous } = neighbours(site);
    if (next !== null && movable(next) && site.node.end === body.node.end) {
      const kept = source.slice(body.node.start, body.node.end - 1).trimEnd();
      const text = `${separated(kept)}\n${deeper}${closed(next)}\n${indent}}`;
      bench.edit('statement-move-in', body.node.start, next.node.end, text);
    }
    if (previous !== null && movable(previous)) {
      const kept = source.slice(site.node.start, body.node.start + 1);
      bench.edit(
        'statement-move-in',
        previous.node.start,
        body.node.start + 1,
        `${kept}\n${deeper}${closed(previous)}`,
      );
    }
  }
}

/** A statement without a semicolon must not run into the one that follows. */
function separated(text: string): string {
  return /[;{}]$/.test(text) || text === '' ? text : `${text};`;
}

function movable(site: Site): boolean {
  if (!/Statement$/.test(site.node.type) || isDirective(site)) return false;
  const jumps = (inner: Site): boolean =>
    /^(Break|Continue|Labeled)Statement$/.test(inner.node.type) || inner.children.some(jumps);
  return !jumps(site);
}

/** `if (condition)` in front of a simple statement, with a condition used elsewhere in the function. */
function guard(site: Site, bench: Workbench): void {
  if (!isSimple(site) || site.inside === null) return;
  const { scopes, sites } = bench.program;
  const visible = new Map(scopes.visibleAt(site).map((binding) => [binding.name, binding]));
  const put = (condition: string): void =>
    bench.edit('guard-add', site.node.start, site.node.start, `if (${condition}) `);
  for (const other of sites) {
    if (other.inside !== site.inside || other.key !== 'test' || other.text.length > 60) continue;
    if (other.parent?.node.type !== 'IfStatement' || other.parent === site.parent?.parent) continue;
    if (namesOf(other, scopes).every((name) => visible.has(name))) put(other.text);
  }
  if (site.loop === null) return;
  const counters = childAt(site.loop, 'init')?.children ?? [];
  for (const { node } of counters) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') put(`${node.id.name} > 0`);
  }
  const call = childAt(site, 'expression');
  if (call?.node.type !== 'CallExpression' || call.children.length !== 2) return;
  const [callee, value] = call.children;
  if (callee !== undefined && value !== undefined && callee.text.endsWith('.push')) {
    put(`!${callee.text.slice(0, -'.push'.length)}.includes(${value.text})`);
  }
}

/** Copies of the function's own simple statements at the edges of its blocks, and resets of its accumulators. */
export const insertions: Operator = (site, bench) => {
  if (site.node.type !== 'BlockStatement' || site.inside === null) return;
  const body = childrenAt(site, 'body');
  const first = body.find((child) => !/Declaration$/.test(child.node.type));
  const last = body.at(-1);
  if (first === undefined || last === undefined || !/Statement$/.test(last.node.type)) return;
  const { scopes, sites } = bench.program;
  const before = new Set(scopes.visibleAt(first).map(({ name }) => name));
  const after = new Set(scopes.visibleAt(last).map(({ name }) => name));
  const final = /^(Return|Throw|Break|Continue)Statement$/.test(last.node.type);
  for (const other of sites) {
    if (other.inside !== site.inside) continue;
    if (other.node.type === 'VariableDeclarator') resetIn(site, other, first, bench);
    if (!isSimple(other) || other.text.length > 80) continue;
    if (/^(Break|Continue)Statement$/.test(other.node.type) && last.loop === null) continue;
    const names = namesOf(other, scopes);
    const jumps = /^(Return|Break|Continue|Throw)Statement$/.test(other.node.type);
    if (!jumps && other !== first && names.every((name) => before.has(name))) {
      insertBefore(bench, 'statement-insert', first, closed(other));
    }
    if (!final && other !== last && names.every((name) => after.has(name))) {
      insertAfter(bench, 'statement-insert', last, closed(other));
    }
  }
  if (!final && last.loop !== null && site.parent?.node.type === 'IfStatement') {
    insertAfter(bench, 'jump-add', last, 'break;');
    insertAfter(bench, 'jump-add', last, 'continue;');
  }
};

function resetIn(block: Site, declarator: Site, first: Site, bench: Workbench): void {
  const { node } = declarator;
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
  if (declarator.parent?.node.type === 'VariableDeclaration' && declarator.parent.node.kind === 'const')
    return;
  const loop = block.parent === null ? null : first.loop;
  if (loop === null || loop.node.start < declarator.node.end || declarator.parent?.key === 'init') return;
  const init = childAt(declarator, 'init');
  if (
    init === null ||
    !/^(Literal|ArrayExpression|Identifier)$/.test(init.node.type) ||
    init.text.length > 12
  )
    return;
  const text = `${node.id.name} = ${init.text};`;
  insertBefore(bench, 'accumulator-reset', first, text);
  const last = childrenAt(block, 'body').at(-1);
  if (last !== undefined && !/^(Return|Break|Continue|Throw)Statement$/.test(last.node.type)) {
    insertAfter(bench, 'accumulator-reset', last, text);
  }
}
