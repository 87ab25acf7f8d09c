import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';

/** A member that differs: its path, and its value on each side (absent where that side has none). */
export interface DataChange {
  readonly member: string;
  readonly left?: Json;
  readonly right?: Json;
}

/** Wall times and texts of the machine differ without anything having happened otherwise. */
const volatileMember = 'volatile';

/** What differs between two values, member by member, in the order of their names. Lists of other lengths differ as a whole. */
export function dataChanges(left: Json, right: Json): readonly DataChange[] {
  const changes: DataChange[] = [];
  compare('', left, right, changes);
  return changes;
}

function compare(path: string, left: Json, right: Json, changes: DataChange[]): void {
  if (isObject(left) && isObject(right)) {
    for (const name of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
      if (name !== volatileMember)
        compareMember(path === '' ? name : `${path}.${name}`, left[name], right[name], changes);
    }
  } else if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    for (const [index, item] of left.entries())
      compare(`${path}.${index}`, item, right[index] as Json, changes);
  } else if (canonicalJson(left) !== canonicalJson(right)) changes.push({ member: path, left, right });
}

function compareMember(
  path: string,
  left: Json | undefined,
  right: Json | undefined,
  changes: DataChange[],
): void {
  if (left !== undefined && right !== undefined) compare(path, left, right, changes);
  else if (left !== undefined) changes.push({ member: path, left });
  else if (right !== undefined) changes.push({ member: path, right });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
