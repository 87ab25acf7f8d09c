import type { AnyNode } from 'acorn';

/** A node with its surroundings. */
export interface Site {
  readonly node: AnyNode;
  readonly parent: Site | null;
  /** Property of the parent that holds the node, and the place in it when that is a list (else -1). */
  readonly key: string;
  readonly index: number;
  /** Nearest enclosing function, or null at the top level; for a function node, the one around it. */
  readonly inside: Site | null;
  /** Nearest enclosing loop of the same function. */
  readonly loop: Site | null;
  /** Children in source order. */
  readonly children: readonly Site[];
  /** Exact source of the node, without parentheses around it. */
  readonly text: string;
  /** Place of the node in source order. */
  readonly order: number;
}

/** All nodes, parents before children, siblings in source order. */
export function sitesOf(root: AnyNode, source: string): readonly Site[] {
  const sites: Site[] = [];
  const visit = (node: AnyNode, parent: Site | null, key: string, index: number): Site => {
    const children: Site[] = [];
    const site: Site = {
      node,
      parent,
      key,
      index,
      inside: parent === null ? null : isFunction(parent.node) ? parent : parent.inside,
      loop: parent === null || isFunction(parent.node) ? null : isLoop(parent.node) ? parent : parent.loop,
      children,
      text: source.slice(node.start, node.end),
      order: sites.length,
    };
    sites.push(site);
    for (const child of childNodes(node)) children.push(visit(child.node, site, child.key, child.index));
    return site;
  };
  visit(root, null, '', -1);
  return sites;
}

export function isFunction(node: AnyNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

export function isLoop(node: AnyNode): boolean {
  return (
    node.type === 'ForStatement' ||
    node.type === 'ForOfStatement' ||
    node.type === 'ForInStatement' ||
    node.type === 'WhileStatement' ||
    node.type === 'DoWhileStatement'
  );
}

/** The child held under this property, when it is a single node. */
export function childAt(site: Site, key: string): Site | null {
  return site.children.find((child) => child.key === key && child.index === -1) ?? null;
}

/** The children held in this list property, in source order. */
export function childrenAt(site: Site, key: string): readonly Site[] {
  return site.children.filter((child) => child.key === key);
}

interface Child {
  readonly node: AnyNode;
  readonly key: string;
  readonly index: number;
}

function childNodes(node: AnyNode): readonly Child[] {
  const found: Child[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (isNode(value)) found.push({ node: value, key, index: -1 });
    else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        if (isNode(item)) found.push({ node: item, key, index });
      });
    }
  }
  // In `{ a }` key and value are one node; `x = 1` patterns and the like keep their own places.
  const once = found.filter(
    (child, at) => !found.some((other, before) => before < at && other.node === child.node),
  );
  return once.sort((left, right) => left.node.start - right.node.start);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';
}
