import type { AnyNode } from 'acorn';
import { type Kind, kindOf } from './kinds.ts';
import { isFunction, type Site } from './sites.ts';

/** A declared name, where it may be used, and what its values seem to be. */
export interface Binding {
  readonly name: string;
  readonly declared: 'var' | 'let' | 'const' | 'param' | 'function' | 'class' | 'catch';
  readonly kind: Kind;
  /** True where it is indexed or asked for its length: an array or a string. */
  readonly sized: boolean;
  /** Scope in which the name is known. */
  readonly start: number;
  readonly end: number;
  /** Before this offset the name must not be read by the function that declares it (temporal dead zone). */
  readonly usableFrom: number;
  /** Function that declares it, null at the top level. */
  readonly owner: Site | null;
}

export interface Scopes {
  /** What an identifier that is read or written here refers to; null for globals and for names that are not references. */
  bindingOf(site: Site): Binding | null;
  /** Every name that may be used at this place, innermost first, shadowed ones left out, at most one per name. */
  visibleAt(site: Site): readonly Binding[];
  /** Guess of the kind of an expression. */
  kindOf(site: Site): Kind;
}

type Draft = { -readonly [Field in keyof Binding]: Binding[Field] };

/** Lexical scopes by the rules of ECMAScript: `var` and parameters per function, the others per block. */
export function scopesOf(sites: readonly Site[]): Scopes {
  const drafts: Draft[] = [];
  for (const site of sites) declare(site, drafts);
  // Innermost first: a later start is a deeper scope, of equal ones the shorter.
  drafts.sort((left, right) => right.start - left.start || left.end - right.end);
  const find = (name: string, at: number): Draft | null =>
    drafts.find((draft) => draft.name === name && draft.start <= at && at < draft.end) ?? null;
  const kindAt = (node: AnyNode): Kind => kindOf(node, (name) => find(name, node.start)?.kind ?? 'unknown');
  // Twice, so that a kind learnt from a later declaration reaches the earlier ones.
  for (let round = 0; round < 2; round += 1) {
    for (const site of sites) learn(site, find, kindAt);
  }
  return {
    bindingOf: (site) =>
      site.node.type === 'Identifier' && isReference(site) ? find(site.node.name, site.node.start) : null,
    visibleAt: (site) => visibleAt(site, drafts),
    kindOf: (site) => kindAt(site.node),
  };
}

/** True for identifiers that read or write a variable: no property names, labels or declarations. */
export function isReference(site: Site): boolean {
  const { node, parent, key } = site;
  if (node.type !== 'Identifier' || parent === null) return false;
  switch (parent.node.type) {
    case 'MemberExpression':
      return key === 'object' || parent.node.computed;
    case 'Property':
      // `{ a }` is key and value at once; replacing it would rename the property.
      return key === 'value' && !parent.node.shorthand && parent.parent?.node.type === 'ObjectExpression';
    case 'VariableDeclarator':
      return key === 'init';
    case 'AssignmentPattern':
      return key === 'right';
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return key === 'body';
    case 'ArrayPattern':
    case 'ObjectPattern':
    case 'RestElement':
    case 'CatchClause':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportSpecifier':
      return key === 'superClass' || (key === 'value' && parent.node.type === 'PropertyDefinition');
    default:
      return true;
  }
}

function visibleAt(site: Site, drafts: readonly Draft[]): readonly Binding[] {
  const at = site.node.start;
  const seen = new Set<string>();
  const visible: Binding[] = [];
  for (const draft of drafts) {
    if (at < draft.start || at >= draft.end || seen.has(draft.name)) continue;
    seen.add(draft.name);
    // A nested function may name it earlier: it runs later.
    if (at >= draft.usableFrom || draft.owner !== site.inside) visible.push(draft);
  }
  return visible;
}

function declare(site: Site, drafts: Draft[]): void {
  const { node } = site;
  const add = (pattern: AnyNode, declared: Binding['declared'], scope: Site, usableFrom: number): void => {
    for (const name of namesOf(pattern)) {
      const { start, end } = scope.node;
      // What belongs to a function is owned by it; a block belongs to the function around it.
      const owner = isFunction(scope.node) ? scope : scope.inside;
      drafts.push({ name, declared, kind: 'unknown', sized: false, start, end, usableFrom, owner });
    }
  };
  if (isFunction(node) && 'params' in node) {
    for (const param of node.params) add(param, 'param', site, node.start);
    if (node.type === 'FunctionDeclaration' && node.id !== null) {
      add(node.id, 'function', blockAround(site), 0);
    }
  } else if (node.type === 'VariableDeclaration') {
    const scope = node.kind === 'var' ? functionAround(site) : blockAround(site);
    for (const declarator of node.declarations) {
      const declared = node.kind === 'var' || node.kind === 'let' ? node.kind : 'const';
      add(declarator.id, declared, scope, node.kind === 'var' ? scope.node.start : declarator.end);
    }
  } else if (node.type === 'ClassDeclaration' && node.id !== null) {
    add(node.id, 'class', blockAround(site), node.end);
  } else if (node.type === 'CatchClause' && node.param) {
    add(node.param, 'catch', site, node.start);
  }
}

function blockAround(site: Site): Site {
  let around = site.parent;
  while (around !== null) {
    const { type } = around.node;
    if (
      type === 'BlockStatement' ||
      type === 'Program' ||
      type === 'SwitchStatement' ||
      type === 'StaticBlock'
    )
      break;
    if (type === 'ForStatement' || type === 'ForOfStatement' || type === 'ForInStatement') break;
    if (around.parent === null) break;
    around = around.parent;
  }
  return around ?? site;
}

function functionAround(site: Site): Site {
  let around: Site = site;
  while (around.parent !== null && (around === site || !isFunction(around.node))) around = around.parent;
  return around;
}

function namesOf(pattern: AnyNode): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesOf(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        property.type === 'Property' ? namesOf(property.value) : namesOf(property),
      );
    default:
      return [];
  }
}

/** What one place in the program says about the values of a name. The first word counts. */
function learn(
  site: Site,
  find: (name: string, at: number) => Draft | null,
  kindAt: (node: AnyNode) => Kind,
): void {
  const note = (target: AnyNode, kind: Kind): void => {
    if (target.type !== 'Identifier') return;
    const draft = find(target.name, target.start);
    if (draft !== null && draft.kind === 'unknown') draft.kind = kind;
  };
  const { node } = site;
  switch (node.type) {
    case 'VariableDeclarator':
      if (node.init) note(node.id, kindAt(node.init));
      break;
    case 'AssignmentPattern':
      note(node.left, kindAt(node.right));
      break;
    case 'FunctionDeclaration':
      if (node.id !== null) note(node.id, 'function');
      break;
    case 'AssignmentExpression':
      if (node.operator === '=') note(node.left, kindAt(node.right));
      else if (node.operator !== '+=') note(node.left, 'number');
      break;
    case 'UpdateExpression':
      note(node.argument, 'number');
      break;
    case 'BinaryExpression':
      if (/^([-*/%]|\*\*)$/.test(node.operator)) {
        note(node.left, 'number');
        note(node.right, 'number');
      } else if (/^[<>]=?$/.test(node.operator)) {
        note(node.left, kindAt(node.right));
        note(node.right, kindAt(node.left));
      }
      break;
    case 'ForOfStatement':
      if (node.right.type === 'Identifier') markSized(find(node.right.name, node.right.start));
      break;
    case 'CallExpression':
      note(node.callee, 'function');
      break;
    case 'MemberExpression':
      learnFromMember(node, find, note);
      break;
    default:
  }
}

function learnFromMember(
  node: AnyNode & { type: 'MemberExpression' },
  find: (name: string, at: number) => Draft | null,
  note: (target: AnyNode, kind: Kind) => void,
): void {
  const draft = node.object.type === 'Identifier' ? find(node.object.name, node.object.start) : null;
  if (node.computed) {
    markSized(draft);
    return;
  }
  if (node.property.type !== 'Identifier') return;
  const property = node.property.name;
  if (property === 'length') markSized(draft);
  if (
    /^(push|pop|shift|unshift|map|filter|reduce|sort|reverse|splice|every|some|forEach|join|fill)$/.test(
      property,
    )
  ) {
    note(node.object, 'array');
    markSized(draft);
  }
  if (
    /^(charCodeAt|charAt|split|toUpperCase|toLowerCase|trim|replace|substring|substr|repeat)$/.test(property)
  ) {
    note(node.object, 'string');
    markSized(draft);
  }
}

function markSized(draft: Draft | null): void {
  if (draft !== null) draft.sized = true;
}
