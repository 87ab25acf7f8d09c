import { type AnyNode, parseExpressionAt } from 'acorn';
import type { Json } from '../../kernel/json.ts';

/** What a value looks like from outside; `undefined` and NaN are kept apart from JSON values by name. */
export type Seen =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'array'; readonly value: readonly Seen[] }
  | { readonly type: 'undefined' | 'null' | 'object' };

/** Reads a printed JavaScript value (or a JSON text inside a string); null for what is no literal. */
export function readValue(text: string | null): Seen | null {
  if (text === null || text.length > 4000) return null;
  try {
    const node = parseExpressionAt(text, 0, { ecmaVersion: 'latest' });
    if (text.slice(node.end).trim() !== '') return null;
    return unwrapJson(seen(node));
  } catch {
    // Printed by an inspector or cut at a cap: no literal.
    return null;
  }
}

export function equalSeen(left: Seen, right: Seen): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Many tests compare `JSON.stringify` of both sides; what they mean is the value inside. */
function unwrapJson(value: Seen | null): Seen | null {
  if (value?.type !== 'string' || !/^[[{]/.test(value.value)) return value;
  try {
    return fromJson(JSON.parse(value.value) as Json);
  } catch {
    return value;
  }
}

function fromJson(value: Json): Seen {
  if (value === null) return { type: 'null' };
  if (typeof value === 'number') return { type: 'number', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  return Array.isArray(value) ? { type: 'array', value: value.map(fromJson) } : { type: 'object' };
}

function seen(node: AnyNode): Seen | null {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number') return { type: 'number', value: node.value };
      if (typeof node.value === 'string') return { type: 'string', value: node.value };
      if (typeof node.value === 'boolean') return { type: 'boolean', value: node.value };
      return node.raw === 'null' ? { type: 'null' } : null;
    case 'TemplateLiteral':
      return node.expressions.length === 0
        ? { type: 'string', value: node.quasis[0]?.value.cooked ?? '' }
        : null;
    case 'Identifier':
      if (node.name === 'undefined') return { type: 'undefined' };
      if (node.name === 'NaN') return { type: 'number', value: Number.NaN };
      return node.name === 'Infinity' ? { type: 'number', value: Number.POSITIVE_INFINITY } : null;
    case 'UnaryExpression': {
      const value = seen(node.argument);
      return node.operator === '-' && value?.type === 'number'
        ? { type: 'number', value: -value.value }
        : null;
    }
    case 'ArrayExpression': {
      const items = node.elements.map((element): Seen | null =>
        element === null ? { type: 'undefined' } : seen(element),
      );
      return items.every((item) => item !== null) ? { type: 'array', value: items } : null;
    }
    case 'ObjectExpression':
      return { type: 'object' };
    default:
      return null;
  }
}
