import { createTwoFilesPatch } from 'diff';
import type { Json } from '../kernel/json.ts';
import { cutText } from './cut-text.ts';
import type { Difference } from './rerun-check.ts';

export interface Differences {
  readonly found: readonly Difference[];
  readonly count: number;
}

const foundMax = 20;
const valueUnitsMax = 400;
const patchUnitsMax = 4000;
/** Two long texts with nothing in common are not worth a patch. */
const editsMax = 2000;

/**
 * Where two JSON values differ, leaf by leaf, in the order of the recorded one. Members of `tests` are named after the test they
 * belong to.
 */
export function differencesOf(recorded: Json, here: Json): Differences {
  const found: Difference[] = [];
  let count = 0;
  const visit = (left: Json | undefined, right: Json | undefined, path: readonly string[]): void => {
    if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
      for (const key of keysOf(left, right)) visit(member(left, key), member(right, key), [...path, key]);
      return;
    }
    if (left === right) return;
    count += 1;
    if (found.length >= foundMax) return;
    const [place, name] = placeOf(path, recorded, here);
    found.push(difference(place, name, left, right));
  };
  visit(recorded, here, []);
  return { found, count };
}

/** One difference between two values, shown so that the first place where they part is seen. */
export function difference(
  place: string,
  member: string,
  recorded: Json | undefined,
  here: Json | undefined,
): Difference {
  if (typeof recorded !== 'string' || typeof here !== 'string') {
    return { place, member, recorded: shown(recorded), here: shown(here), patch: null };
  }
  const from = Math.max(0, firstDifference(recorded, here) - valueUnitsMax / 4);
  const window = (text: string): string => `${from === 0 ? '' : '…'}${shown(text.slice(from))}`;
  const multiline = recorded.includes('\n') || here.includes('\n');
  const patch = multiline ? patchOf(recorded, here) : null;
  return { place, member, recorded: window(recorded), here: window(here), patch };
}

function patchOf(recorded: string, here: string): string | null {
  const options = { context: 2, maxEditLength: editsMax };
  const text = createTwoFilesPatch('recorded', 'here', recorded, here, '', '', options);
  return text === undefined ? null : cutText(text.split('\n').slice(1).join('\n').trimEnd(), patchUnitsMax);
}

function firstDifference(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) if (left[index] !== right[index]) return index;
  return length;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= valueUnitsMax ? text : `${cutText(text, valueUnitsMax)}…`;
}

type Container = Json & object;

function isContainer(value: Json | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function keysOf(left: Container, right: Container): Iterable<string> {
  return new Set([...Object.keys(left), ...Object.keys(right)]);
}

function member(value: Container, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, Json>>)[key] : undefined;
}

function placeOf(path: readonly string[], recorded: Json, here: Json): readonly [string, string] {
  const [first, index, ...rest] = path;
  if (first !== 'tests' || index === undefined) return ['the execution', path.join('.')];
  const id = testId(recorded, index) ?? testId(here, index) ?? `number ${index}`;
  return [`test ${id}`, rest.join('.')];
}

function testId(result: Json, index: string): string | null {
  const tests = isContainer(result) ? member(result, 'tests') : undefined;
  const test = isContainer(tests) ? member(tests, index) : undefined;
  const id = isContainer(test) ? member(test, 'id') : undefined;
  return typeof id === 'string' ? cutText(id, 200) : null;
}
