import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../../src/events/catalogue.ts';
import { defineEvent, type EventDefinition } from '../../src/events/define-event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { pawlVersion } from '../../src/kernel/pawl-version.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { checkEvolution } from './evolution/check-evolution.ts';
import { type EventsLock, type GoldenLedgers, lockedAs, readEventsLock } from './evolution/events-lock.ts';
import { brokenRuleText, evolutionRules } from './evolution/evolution-rules.ts';
import { goldenEvents } from './evolution/golden-events.ts';

describe('the event catalogue', () => {
  it('breaks no rule of schema evolution', () => {
    const broken = checkEvolution(readEventsLock(), pawlVersion, catalogue, goldenEvents());
    expect(broken.map(brokenRuleText)).toEqual([]);
  });

  it('is locked for every release that has a golden ledger, as that release was', () => {
    const lock = readEventsLock();
    const golden = goldenEvents();
    expect(Object.keys(golden).length).toBeGreaterThan(0);
    for (const [release, events] of Object.entries(golden)) {
      const types = lock.releases[release] ?? {};
      const told = new Map(events.map(({ type, version }) => [type, version]));
      expect(Object.fromEntries(told), release).toEqual(
        Object.fromEntries(Object.entries(types).filter(([type]) => told.has(type))),
      );
    }
  });

  it('is described by schemas that every golden event satisfied when it was written', () => {
    const { schemas } = readEventsLock();
    for (const [release, events] of Object.entries(goldenEvents())) {
      for (const { type, version, data } of events) {
        const shape = z.fromJSONSchema(schemas[`${type}@${version}`] as never);
        expect(shape.safeParse(data).success, `${type} of ${release}`).toBe(true);
      }
    }
  });
});

/** A catalogue of one type, as it was released in 1.0.0, and what became of it since. */
const key = z.strictObject({ ordinal: z.int().min(0).max(9), note: z.string().max(5) });
const shape = {
  key,
  kind: z.enum(['a', 'b']),
  digest: z.string().regex(/^[0-9a-f]{4}$/),
  parts: z.array(z.string()).max(3),
  parent: z.string().nullable(),
  extra: z.string().optional(),
};
const released = defineEvent('Tested', 1, z.strictObject(shape));
const older = { key: { ordinal: 1, note: 'x' }, kind: 'a', digest: '0123', parts: [], parent: null };
const golden: GoldenLedgers = { '1.0.0': [{ type: 'Tested', version: 1, data: older as JsonObject }] };
const nothing: EventsLock = { unreleased: null, releases: {}, schemas: {}, upcasts: {} };
const lockOf100 = { ...lockedAs(nothing, '1.0.0', catalogueOf(released), golden), unreleased: null };

function catalogueOf(...definitions: readonly EventDefinition[]): ReadonlyMap<string, EventDefinition> {
  return new Map(definitions.map((definition) => [definition.type, definition]));
}

/** What is said of a catalogue on its way to 1.1.0, as its author would have locked it. */
function judged(...definitions: readonly EventDefinition[]): readonly string[] {
  const today = catalogueOf(...definitions);
  const lock = lockedAs(lockOf100, '1.1.0', today, golden);
  return checkEvolution(lock, '1.1.0', today, golden).map(brokenRuleText);
}

const changed = (changes: Readonly<Record<string, z.ZodType>>): EventDefinition =>
  defineEvent('Tested', 1, z.strictObject({ ...shape, ...changes }));
const raised = (
  changes: Readonly<Record<string, z.ZodType>>,
  ...upcasts: readonly ((data: JsonObject) => JsonObject)[]
): EventDefinition => defineEvent('Tested', 2, z.strictObject({ ...shape, ...changes }), upcasts);
const without = (...names: readonly (keyof typeof shape)[]): EventDefinition =>
  defineEvent(
    'Tested',
    1,
    z.strictObject(
      Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name as never))),
    ),
  );

describe('an edit that breaks no rule', () => {
  it('is none, a new type, or a new version with the upcast that leads to it', () => {
    expect(judged(released)).toEqual([]);
    expect(judged(released, defineEvent('Added', 1, z.strictObject({})))).toEqual([]);
    const flags = { flags: z.array(z.int()) };
    expect(judged(raised(flags, (data) => ({ ...data, flags: [] })))).toEqual([]);
  });
});

describe('an edit that breaks a rule is told which', () => {
  it.each<readonly [rule: string, definitions: readonly EventDefinition[], told: readonly string[]]>([
    ['E1', [], ['E1 type-removed: Tested: it was released, and ledgers hold it']],
    [
      'E2',
      [defineEvent('Tested', 0, z.strictObject(shape))],
      [
        'E2 version-backwards: Tested: version 1 was released, and this is 0',
        'E7 upcast-count: Tested: version 0 takes -1 upcasts, and there are 0',
      ],
    ],
    [
      'E3',
      [changed({ kind: z.enum(['a', 'b', 'c']) })],
      ['E3 shape-changed: Tested.kind: the value c is allowed now'],
    ],
    [
      'E3',
      [changed({ more: z.string().optional() })],
      ['E3 shape-changed: Tested.more: it is new, and optional'],
    ],
    [
      'E3',
      [changed({ kind: z.enum(['b', 'a']) })],
      ['E3 shape-changed: Tested.kind: the order of values changed'],
    ],
    [
      'E3',
      [changed({ parts: z.array(z.string()).max(4) })],
      ['E3 shape-changed: Tested.parts: maxItems was 3, is 4'],
    ],
    [
      'E3',
      [changed({ digest: z.string() })],
      ['E3 shape-changed: Tested.digest: pattern was "^[0-9a-f]{4}$", is none'],
    ],
    [
      'E3',
      [changed({ kind: shape.kind.optional() })],
      ['E3 shape-changed: Tested.kind: it is no longer required'],
    ],
    ['E4', [without('parent')], ['E4 member-removed: Tested.parent: it is no longer there']],
    [
      'E4',
      [changed({ key: z.strictObject({ ordinal: z.int().min(0).max(9), remark: z.string().max(5) }) })],
      [
        'E4 member-removed: Tested.key.note: it is no longer there',
        'E5 member-required: Tested.key.remark: it is new, and required',
      ],
    ],
    [
      'E5',
      [changed({ flags: z.array(z.int()) })],
      ['E5 member-required: Tested.flags: it is new, and required'],
    ],
    ['E5', [changed({ extra: z.string() })], ['E5 member-required: Tested.extra: it is required now']],
    [
      'E6',
      [changed({ kind: z.enum(['a']) })],
      ['E6 narrowed: Tested.kind: the value b is no longer allowed'],
    ],
    [
      'E6',
      [changed({ digest: z.string().regex(/^[0-9a-f]{8}$/) })],
      ['E6 narrowed: Tested.digest: pattern was "^[0-9a-f]{4}$", is "^[0-9a-f]{8}$"'],
    ],
    [
      'E6',
      [changed({ key: z.strictObject({ ordinal: z.int().min(1).max(9), note: z.string().max(5) }) })],
      ['E6 narrowed: Tested.key.ordinal: minimum was 0, is 1'],
    ],
    [
      'E6',
      [changed({ parts: z.array(z.string().max(7)).max(3) })],
      ['E6 narrowed: Tested.parts[]: maxLength was none, is 7'],
    ],
    [
      'E6',
      [changed({ parent: z.string() })],
      ['E6 narrowed: Tested.parent: the type null is no longer allowed'],
    ],
    [
      'E7',
      [raised({ flags: z.array(z.int()) })],
      ['E7 upcast-count: Tested: version 2 takes 1 upcasts, and there are 0'],
    ],
    [
      'E7',
      [defineEvent('Tested', 1, z.strictObject(shape), [(data) => data])],
      ['E7 upcast-count: Tested: version 1 takes 0 upcasts, and there are 1'],
    ],
    [
      'E8',
      [defineEvent('Tested', 3, z.strictObject(shape), [(data) => data, (data) => data])],
      ['E8 version-skipped: Tested: version 3 follows version 1'],
    ],
    [
      'E8',
      [released, defineEvent('Added', 2, z.strictObject({}), [(data) => data])],
      ['E8 version-skipped: Added: version 2 follows no release'],
    ],
    [
      'E9',
      [raised({ flags: z.array(z.int()) }, (data) => data)],
      [
        'E9 upcast-unsatisfying: Tested: 1.0.0 does not become version 2: ✖ Invalid input: expected array, received undefined   → at flags',
      ],
    ],
    [
      'E10',
      [raised({ at: z.number() }, (data) => ({ ...data, at: Date.now() }))],
      [
        'E10 upcast-impure: Tested: Date.now is ambient state: a pure room gets time, chance and effects as data',
      ],
    ],
    [
      'E10',
      [raised({ extra: z.string() }, (data) => Object.assign(data, { extra: '' }))],
      ['E10 upcast-impure: Tested: Cannot add property extra, object is not extensible'],
    ],
    [
      'E10',
      [raised({ extra: z.string() }, counting())],
      ['E10 upcast-impure: Tested: it gives something else each time'],
    ],
  ])('%s %#', (rule, definitions, told) => {
    const said = judged(...definitions);
    expect(said).toEqual(told);
    expect(said.some((line) => line.startsWith(`${rule} ${evolutionRules[rule as 'E1']}`))).toBe(true);
  });

  it('E11: an upcast that was released and does something else since', () => {
    const flags = { flags: z.array(z.int()) };
    const first = catalogueOf(raised(flags, (data) => ({ ...data, flags: [] })));
    const lock = { ...lockedAs(lockOf100, '1.1.0', first, golden), unreleased: null };
    const today = catalogueOf(raised(flags, (data) => ({ ...data, flags: [1] })));
    const locked = lockedAs(lock, '1.2.0', today, golden);
    expect(checkEvolution(locked, '1.2.0', today, golden).map(brokenRuleText)).toEqual([
      'E11 upcast-changed: Tested@1: it makes something else of 1.0.0 than it did',
    ]);
  });

  it('E12: what is not in the lock of the version that is being made', () => {
    const added = defineEvent('Added', 1, z.strictObject({}));
    const flags = { flags: z.array(z.int()) };
    const second = raised(flags, (data) => ({ ...data, flags: [] }));
    const lock = lockedAs(lockOf100, '1.1.0', catalogueOf(released), golden);
    const told = (version: string, ...definitions: readonly EventDefinition[]) =>
      checkEvolution(lock, version, catalogueOf(...definitions), golden).map(brokenRuleText);
    expect(told('1.1.0', released, added)).toEqual([
      'E12 not-locked: Added: its version 1 is not in the lock for 1.1.0',
    ]);
    expect(told('1.1.0', second)).toEqual([
      'E12 not-locked: Tested: its version 2 is not in the lock for 1.1.0',
    ]);
    expect(told('1.2.0', released)).toEqual([
      'E12 not-locked: Tested: its version 1 is not in the lock for 1.2.0',
    ]);
    const both = lockedAs(lockOf100, '1.1.0', catalogueOf(released, added), golden);
    const other = defineEvent('Added', 1, z.strictObject({ more: z.string() }));
    const checked = (...definitions: readonly EventDefinition[]) =>
      checkEvolution(both, '1.1.0', catalogueOf(...definitions), golden).map(brokenRuleText);
    expect(checked(released, other)).toEqual([
      'E12 not-locked: Added: its shape is not the one locked for 1.1.0',
    ]);
    expect(checked(released)).toEqual([
      'E12 not-locked: Added: it is in the lock for 1.1.0 and not in the catalogue',
    ]);
  });
});

function counting(): (data: JsonObject) => JsonObject {
  let calls = 0;
  return (data) => {
    calls += 1;
    return { ...data, extra: String(calls) };
  };
}

describe('the lock', () => {
  it('is never written anew for a version that is released', () => {
    expect(() => lockedAs(lockOf100, '1.0.0', catalogueOf(released), golden)).toThrow(
      new RangeError('1.0.0 is released: what it said about the catalogue is never edited.'),
    );
  });

  it('keeps what was released when the next version is written', () => {
    const next = lockedAs(lockOf100, '1.1.0', catalogueOf(changed({ kind: z.enum(['a']) })), golden);
    expect(next.schemas['Tested@1']).toEqual(lockOf100.schemas['Tested@1']);
    expect(Object.keys(next.releases)).toEqual(['1.0.0', '1.1.0']);
  });
});

describe('the page of schema evolution', () => {
  it('has a heading for every rule, by its number and name', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/reference/schema-evolution.md'), 'utf8');
    const headings = [...page.matchAll(/^### (E\d+) `([a-z-]+)`$/gm)].map(([, rule, name]) => [rule, name]);
    expect(headings).toEqual(Object.entries(evolutionRules));
  });
});
