import { goesWith } from '../kinds.ts';
import type { Binding } from '../scopes.ts';
import type { Site } from '../sites.ts';
import { isValue, type Operator, replaceExpression, type Workbench } from '../workbench.ts';

/** Another name, constant or element in place of a name, and names in place of constants. */
export const variables: Operator = (site, bench) => {
  const { node } = site;
  if (node.type === 'Identifier') changeName(site, node.name, bench);
  if (node.type === 'Literal' && isValue(site)) nameForConstant(site, bench);
  if (node.type === 'MemberExpression') changeMember(site, bench);
};

function changeName(site: Site, name: string, bench: Workbench): void {
  const { scopes } = bench.program;
  const binding = scopes.bindingOf(site);
  if (binding === null) return;
  const called = site.key === 'callee';
  const written = isWritten(site);
  const indexed = site.parent?.node.type === 'MemberExpression' && site.key === 'object';
  for (const other of others(site, bench)) {
    if (other.name === name || !goesWith(binding.kind, other.kind)) continue;
    if (called !== (other.kind === 'function')) continue;
    if (written && !/^(var|let|param)$/.test(other.declared)) continue;
    if (indexed && other.kind === 'number') continue;
    // A name of unknown kind is less likely meant where a number is asked for; its own kind of edit says so.
    const sure = other.kind === binding.kind && other.kind !== 'unknown';
    const operator = written ? 'variable-target' : sure ? 'variable' : 'variable-other';
    replaceExpression(bench, operator, site, other.name, false);
  }
  if (written || called || !isValue(site) || indexed) return;
  if (binding.kind === 'number' || binding.kind === 'unknown') {
    for (const other of others(site, bench)) {
      if (other.sized) replaceExpression(bench, 'variable-length', site, `${other.name}.length`, false);
    }
    if (binding.kind === 'number') {
      for (const text of ['0', '1', '-1']) replaceExpression(bench, 'variable-constant', site, text, false);
    }
  }
  if (binding.sized) {
    for (const index of indices(site, bench)) {
      replaceExpression(bench, 'index-add', site, `${name}[${index}]`, false);
    }
  }
}

function nameForConstant(site: Site, bench: Workbench): void {
  const kind = bench.program.scopes.kindOf(site);
  if (kind === 'unknown') return;
  const negative = site.parent?.node.type === 'UnaryExpression';
  if (negative) return;
  for (const other of others(site, bench)) {
    if (other.kind === 'function' || !goesWith(kind, other.kind)) continue;
    const operator = other.kind === kind ? 'constant-variable' : 'constant-variable-other';
    replaceExpression(bench, operator, site, other.name, false);
  }
  if (kind !== 'number') return;
  for (const other of others(site, bench)) {
    if (!other.sized) continue;
    replaceExpression(bench, 'constant-length', site, `${other.name}.length`, false);
    if (site.parent?.node.type === 'VariableDeclarator' && other.declared === 'param') {
      replaceExpression(bench, 'initial-element', site, `${other.name}[0]`, false);
    }
  }
}

function changeMember(site: Site, bench: Workbench): void {
  const { node } = site;
  if (node.type !== 'MemberExpression' || node.optional || !isValue(site)) return;
  const [object, property] = site.children;
  if (object === undefined || property === undefined) return;
  if (node.computed) {
    replaceExpression(bench, 'index-drop', site, object.text, false);
    if (property.node.type === 'Identifier')
      replaceExpression(bench, 'element-index', site, property.text, false);
  } else if (property.text === 'length') {
    const used = site.parent?.node.type === 'BinaryExpression' || site.parent?.node.type === 'CallExpression';
    if (used && object.node.type === 'Identifier')
      replaceExpression(bench, 'length-drop', site, object.text, false);
  }
}

function others(site: Site, bench: Workbench): readonly Binding[] {
  return bench.program.scopes.visibleAt(site).filter(({ declared }) => declared !== 'class');
}

function indices(site: Site, bench: Workbench): readonly string[] {
  const names = others(site, bench).filter(({ kind, declared }) => kind === 'number' && declared !== 'const');
  return ['0', ...names.slice(0, 3).map(({ name }) => name)];
}

function isWritten({ parent, key }: Site): boolean {
  if (parent === null) return false;
  const { type } = parent.node;
  return (
    type === 'UpdateExpression' ||
    ((type === 'AssignmentExpression' || type === 'ForOfStatement' || type === 'ForInStatement') &&
      key === 'left')
  );
}
