import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import type { BrokenRule, RuleNumber } from './evolution-rules.ts';

/** Bounds of JSON Schema, and whether a larger value allows less. */
const bounds: Readonly<Record<string, 'lower' | 'upper'>> = {
  ...{ minimum: 'lower', exclusiveMinimum: 'lower', minLength: 'lower', minItems: 'lower' },
  ...{ maximum: 'upper', exclusiveMaximum: 'upper', maxLength: 'upper', maxItems: 'upper' },
};

/**
 * Names what happened between two JSON Schemas of one event version: a member that went, one that became required, values that
 * are no longer allowed, or any other change. Empty where they are the same.
 */
export function shapeChanges(at: string, released: JsonObject, today: JsonObject): readonly BrokenRule[] {
  const found: BrokenRule[] = [];
  compare(at, released, today, found);
  return found;
}

function compare(at: string, released: JsonObject, today: JsonObject, found: BrokenRule[]): void {
  const break_ = (rule: RuleNumber, what: string, member = ''): void => {
    found.push({ rule, at: `${at}${member}`, what });
  };
  for (const key of new Set([...Object.keys(released), ...Object.keys(today)])) {
    const [before, after] = [released[key], today[key]];
    if (same(before, after)) continue;
    switch (key) {
      case 'properties':
        compareMembers(at, released, today, found);
        break;
      case 'required':
        compareRequired(at, released, today, found);
        break;
      case 'enum':
      case 'type':
        compareValues(list(before), list(after), key === 'enum' ? 'value' : 'type', break_);
        break;
      case 'anyOf':
      case 'oneOf':
        compareOptions(at, list(before), list(after), found);
        break;
      case 'items':
      case 'additionalProperties':
      case 'propertyNames':
        if (isObject(before) && isObject(after))
          compare(key === 'items' ? `${at}[]` : `${at}.*`, before, after, found);
        else break_(before === undefined ? 'E6' : 'E3', `${key} ${change(before, after)}`);
        break;
      case 'pattern':
        break_(after === undefined ? 'E3' : 'E6', `pattern ${change(before, after)}`);
        break;
      default:
        break_(isTightened(key, before, after) ? 'E6' : 'E3', `${key} ${change(before, after)}`);
    }
  }
}

function compareMembers(at: string, released: JsonObject, today: JsonObject, found: BrokenRule[]): void {
  const [before, after] = [members(released), members(today)];
  for (const [name, schema] of Object.entries(before)) {
    const now = after[name];
    if (now === undefined) found.push({ rule: 'E4', at: `${at}.${name}`, what: 'it is no longer there' });
    else compare(`${at}.${name}`, schema, now, found);
  }
  const required = list(today['required']);
  for (const name of Object.keys(after)) {
    if (name in before || required.includes(name)) continue;
    found.push({ rule: 'E3', at: `${at}.${name}`, what: 'it is new, and optional' });
  }
}

function compareRequired(at: string, released: JsonObject, today: JsonObject, found: BrokenRule[]): void {
  const [before, after] = [list(released['required']), list(today['required'])];
  const known = members(released);
  for (const name of after.filter((each) => !before.includes(each))) {
    const what = String(name) in known ? 'it is required now' : 'it is new, and required';
    found.push({ rule: 'E5', at: `${at}.${String(name)}`, what });
  }
  const still = members(today);
  for (const name of before.filter((each) => !after.includes(each) && String(each) in still))
    found.push({ rule: 'E3', at: `${at}.${String(name)}`, what: 'it is no longer required' });
}

function compareValues(
  before: readonly Json[],
  after: readonly Json[],
  what: string,
  break_: (rule: RuleNumber, text: string) => void,
): void {
  const gone = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  if (gone.length > 0) break_('E6', `the ${what} ${gone.map(shown).join(', ')} is no longer allowed`);
  if (added.length > 0) break_('E3', `the ${what} ${added.map(shown).join(', ')} is allowed now`);
  if (gone.length + added.length === 0) break_('E3', `the order of ${what}s changed`);
}

/** Alternatives that are the same on both sides are taken away first; what is left is compared in order. */
function compareOptions(
  at: string,
  before: readonly Json[],
  after: readonly Json[],
  found: BrokenRule[],
): void {
  const gone = before.filter((option) => !after.some((other) => same(option, other)));
  const added = after.filter((option) => !before.some((other) => same(option, other)));
  for (const [index, option] of gone.entries()) {
    const now = added[index];
    if (isObject(option) && isObject(now)) compare(`${at}|`, option, now, found);
    else found.push({ rule: 'E6', at, what: 'an alternative is no longer allowed' });
  }
  if (added.length > gone.length) found.push({ rule: 'E3', at, what: 'another alternative is allowed now' });
}

function isTightened(key: string, before: Json | undefined, after: Json | undefined): boolean {
  const side = bounds[key];
  if (key === 'const') return after !== undefined;
  if (side === undefined || typeof after !== 'number') return false;
  if (typeof before !== 'number') return true;
  return side === 'lower' ? after > before : after < before;
}

function members(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
}

function list(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(left: Json | undefined, right: Json | undefined): boolean {
  return canonicalJson(left ?? null) === canonicalJson(right ?? null);
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

function change(before: Json | undefined, after: Json | undefined): string {
  const text = (value: Json | undefined) => (value === undefined ? 'none' : canonicalJson(value));
  return `was ${text(before)}, is ${text(after)}`;
}
