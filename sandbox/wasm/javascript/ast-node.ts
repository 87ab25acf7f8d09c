import type { AnyNode } from 'acorn';

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The direct children of a node in the order of their fields, which acorn fills in source order. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) children.push(item);
  }
  return children;
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Whether `await` or `yield` belongs to the code of this node itself, not to a function inside it. */
export function suspends(node: AnyNode, type: 'AwaitExpression' | 'YieldExpression'): boolean {
  if (node.type === type || (type === 'AwaitExpression' && node.type === 'ForOfStatement' && node.await)) {
    return true;
  }
  return !functionTypes.has(node.type) && childrenOf(node).some((child) => suspends(child, type));
}
