import { z } from 'zod';
import { gateDefinitionSchema } from '../../../gates/definition/gate-definition.ts';
import { gateDefinition } from '../../support/gate-definition.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly default?: unknown;
}

/** Every field of a gate's definition by its path (`guardrails[].mode`), with its default as JSON, or null where it has none. */
export function definitionFields(): ReadonlyMap<string, string | null> {
  const fields = new Map<string, string | null>();
  walk(z.toJSONSchema(gateDefinitionSchema, { io: 'input', unrepresentable: 'any' }) as Node, '', fields);
  // The JSON schema loses a default here and there; what an omitted field becomes does not.
  const { name: _, evaluation: __, ...omitted } = gateDefinition();
  for (const [field, value] of Object.entries(omitted)) fields.set(field, JSON.stringify(value));
  return fields;
}

function walk(node: Node, path: string, fields: Map<string, string | null>): void {
  for (const [name, field] of Object.entries(node.properties ?? {})) {
    const place = path === '' ? name : `${path}.${name}`;
    fields.set(place, field.default === undefined ? null : JSON.stringify(field.default));
    walk(field, place, fields);
  }
  if (node.items !== undefined) walk(node.items, `${path}[]`, fields);
  for (const variant of node.anyOf ?? []) walk(variant, path, fields);
}
