import type { AnyNode, Pattern, Program } from 'acorn';
import { childrenOf } from './ast-node.ts';

/** A name that a script gives to the global scope. */
export interface TopName {
  readonly name: string;
  /** Nothing in the script gives it another value. */
  readonly isConstant: boolean;
  readonly isClass: boolean;
}

/** What the program adds to a standard prototype, like `Array.prototype.last`: tests may call it on their own values. */
export function addedMethods(program: Program): readonly string[] {
  const found = new Set<string>();
  const visit = (node: AnyNode): void => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      const { object, property, computed } = node.left;
      const isPrototype =
        object.type === 'MemberExpression' &&
        object.object.type === 'Identifier' &&
        object.property.type === 'Identifier' &&
        object.property.name === 'prototype';
      if (isPrototype && !computed && property.type === 'Identifier' && object.object.type === 'Identifier')
        found.add(`${object.object.name}.prototype.${property.name}`);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return [...found].filter((path) => standardHolders.has(path.slice(0, path.indexOf('.'))));
}

const standardHolders = new Set([
  'Object',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Function',
  'Map',
  'Set',
  'Promise',
]);

/**
 * The names that other scripts see after this one: its top-level declarations, `var` in blocks, and what it assigns to
 * without declaring it. Read from the source, because whoever wrote the script is not asked.
 */
export function topNames(program: Program): readonly TopName[] {
  const declared = new Map<string, 'function' | 'class' | 'const' | 'let' | 'var'>();
  const assigned = new Set<string>();

  const visit = (node: AnyNode, isTop: boolean, inFunction: boolean): void => {
    if (node.type === 'FunctionDeclaration' && node.id !== null && !inFunction)
      declared.set(node.id.name, 'function');
    if (node.type === 'ClassDeclaration' && node.id !== null && isTop) declared.set(node.id.name, 'class');
    if (node.type === 'VariableDeclaration' && !inFunction && (isTop || node.kind === 'var')) {
      const kind = node.kind === 'let' || node.kind === 'var' ? node.kind : 'const';
      for (const { id } of node.declarations) for (const name of boundNames(id)) declared.set(name, kind);
    }
    if (node.type === 'AssignmentExpression') for (const name of boundNames(node.left)) assigned.add(name);
    if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier')
      assigned.add(node.argument.name);
    if (
      (node.type === 'ForInStatement' || node.type === 'ForOfStatement') &&
      node.left.type !== 'VariableDeclaration'
    ) {
      for (const name of boundNames(node.left)) assigned.add(name);
    }
    const opens = node.type.includes('Function') || node.type === 'StaticBlock';
    for (const child of childrenOf(node)) visit(child, node.type === 'Program', inFunction || opens);
  };
  visit(program, false, false);
  const named = [...declared].map(([name, kind]) => ({
    name,
    isConstant: kind === 'const' || ((kind === 'function' || kind === 'class') && !assigned.has(name)),
    isClass: kind === 'class',
  }));
  const others = [...assigned].filter((name) => !declared.has(name));
  return [...named, ...others.map((name) => ({ name, isConstant: false, isClass: false }))];
}

/** Names in a target of an assignment or declaration; members of objects are none. */
function boundNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)));
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}
